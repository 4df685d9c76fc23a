"""Faults on demand: what the next requests will suffer."""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from flask import Response, jsonify, request

from simulator.twilio.refusals import error_body

_MOST_SECONDS = 600.0


class FaultKind(StrEnum):
    """What goes wrong.

    ``ERROR`` answers with an error. ``CUT_BEFORE`` closes the connection before the request is
    carried out, ``CUT_AFTER`` after it was. ``TIME_OUT`` carries nothing out and is silent for
    ``seconds``; ``DELAY`` carries the request out and answers ``seconds`` later.
    """

    ERROR = "error"
    TIME_OUT = "time_out"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    DELAY = "delay"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault for the next ``times`` requests of an operation.

    ``operation`` is ``create``, ``list`` or ``fetch``; ``match`` is the only ``To`` concerned,
    if given. ``body`` is the form of an error: ``json``, ``problem`` (RFC 9457) or ``html``.
    """

    fault: FaultKind
    code: int = 20500
    status: int = 500
    body: str = "json"
    seconds: float = 30.0
    times: int = 1
    match: str = ""
    operation: str = "create"


class Faults:
    """The faults still to come, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead: list[Fault] = []
        self._over = threading.Event()

    def add(self, fault: Fault) -> None:
        """Let it happen after the earlier ones that concern the same requests."""
        with self._lock:
            self._ahead.append(fault)

    def clear(self) -> None:
        """Let nothing more happen, and end what is waiting."""
        with self._lock:
            self._ahead.clear()
            self._over.set()
            self._over = threading.Event()

    def take(self, operation: str, to: str) -> Fault | None:
        """Return what happens to this request, and count it."""
        with self._lock:
            for index, fault in enumerate(self._ahead):
                if fault.operation == operation and fault.match in {"", to}:
                    left = replace(fault, times=fault.times - 1)
                    self._ahead[index : index + 1] = [left] if left.times else []
                    return fault
        return None

    def suffer(self, fault: Fault | None, perform: Callable[[], Response]) -> Response:
        """Carry the current request out as far as the fault lets it."""
        if fault is None:
            return perform()
        over = self._over
        match fault.fault:
            case FaultKind.ERROR:
                return _error(fault)
            case FaultKind.CUT_BEFORE:
                return _cut()
            case FaultKind.CUT_AFTER:
                perform()
                return _cut()
            case FaultKind.TIME_OUT:
                over.wait(fault.seconds)
                return _cut()
            case FaultKind.DELAY:
                answer = perform()
                over.wait(fault.seconds)
                return answer


def parse_fault(document: object) -> Fault:
    """Read a fault from its JSON.

    Raises:
        ValueError: it is none; says what is wrong.
    """
    if not isinstance(document, Mapping):
        raise ValueError("a fault is an object")  # noqa: TRY004 - the document, not the code
    types = {field.name: field.type for field in fields(Fault)}
    for name, value in document.items():
        if name not in types:
            raise ValueError(f"unknown field {name}")
        if not _fits(value, types[name]):
            raise ValueError(f"{name} has the wrong type")
    fault = Fault(**{**document, "fault": FaultKind(document.get("fault", ""))})
    _check(fault)
    return fault


def _fits(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _check(fault: Fault) -> None:
    if fault.body not in {"json", "problem", "html"}:
        raise ValueError("body is json, problem or html")
    if fault.operation not in {"create", "list", "fetch"}:
        raise ValueError("operation is create, list or fetch")
    if fault.times < 1 or not 0 <= fault.seconds <= _MOST_SECONDS:
        raise ValueError(f"times is at least 1, and seconds from 0 to {_MOST_SECONDS:.0f}")
    if not 300 <= fault.status <= 599:  # noqa: PLR2004 - HTTP's range of what is not a success
        raise ValueError("status is an HTTP status from 300 to 599")


def _error(fault: Fault) -> Response:
    if fault.body == "html":
        return Response("<html><h1>Error</h1></html>", status=fault.status, mimetype="text/html")
    document = error_body(fault.code, "Made to fail.", fault.status)
    if fault.body == "problem":
        kind = document.pop("more_info")
        document = {"type": kind, "title": document.pop("message"), **document}
    answer = jsonify(document)
    answer.status_code = fault.status
    return answer


def _cut() -> Response:
    # What is returned goes nowhere: the connection is already closed in both directions.
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response(status=500)
