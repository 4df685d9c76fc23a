"""Faults on demand: what the next requests will suffer."""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from flask import Response, jsonify, request

from simulator.twilio.errors import ERRORS
from simulator.twilio.refusals import error_body
from simulator.twilio.reports import Report, parse_script

OPERATIONS = ("create", "list", "fetch", "media", "storage", "content", "typing", "attachment")

_MOST_SECONDS = 600.0


class FaultKind(StrEnum):
    """What goes wrong.

    ``ERROR`` answers with an error. ``CUT_BEFORE`` closes the connection before the request is
    carried out, ``CUT_AFTER`` after it was. ``TIME_OUT`` carries nothing out and is silent for
    ``seconds``; ``DELAY`` carries the request out and answers ``seconds`` later. ``STATUS`` takes
    a message that then fails on its way with ``code``; ``SHUFFLE`` takes one whose status
    callbacks come in the wrong order; ``REPORTS`` takes one whose callbacks are those of
    ``reports``, true or not. ``CRASH`` kills the gateway while it waits for this request,
    which is not carried out.

    The others are of media. ``REDIRECT`` sends the caller to ``location``, or to where it is
    already; ``EXPIRED`` to an address of the storage that is valid no more. What the storage has
    comes half with ``CUT_WITHIN``, without end with ``ENDLESS``, as a byte every ``seconds`` with
    ``DRIP``, as ``content_type`` with ``WRONG_TYPE``, with more bytes than announced with
    ``LONGER``, and as a gigabyte in a megabyte with ``GZIP_BOMB``.
    """

    ERROR = "error"
    TIME_OUT = "time_out"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    DELAY = "delay"
    STATUS = "status"
    SHUFFLE = "shuffle"
    REPORTS = "reports"
    CRASH = "crash"
    REDIRECT = "redirect"
    EXPIRED = "expired"
    CUT_WITHIN = "cut_within"
    ENDLESS = "endless"
    DRIP = "drip"
    WRONG_TYPE = "wrong_type"
    LONGER = "longer"
    GZIP_BOMB = "gzip_bomb"


_LATER = frozenset({FaultKind.STATUS, FaultKind.SHUFFLE, FaultKind.REPORTS, FaultKind.EXPIRED})
"""What lets the request itself go well."""

_REQUESTS = frozenset(OPERATIONS) - {"attachment"}
_STORAGE = frozenset({"storage"})
_OPERATIONS_OF = {
    FaultKind.STATUS: frozenset(OPERATIONS),
    FaultKind.REDIRECT: frozenset({"media", "storage"}),
    FaultKind.EXPIRED: frozenset({"media"}),
    FaultKind.CUT_WITHIN: _STORAGE,
    FaultKind.ENDLESS: _STORAGE,
    FaultKind.DRIP: _STORAGE,
    FaultKind.WRONG_TYPE: _STORAGE,
    FaultKind.LONGER: _STORAGE,
    FaultKind.GZIP_BOMB: _STORAGE,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault for the next ``times`` requests of an operation.

    ``operation`` is one of ``OPERATIONS``, of which ``media`` is the address that a message names,
    ``storage`` where its bytes are, and ``attachment`` what becomes of the business's own, which
    may end with a ``STATUS``; ``match`` is the only ``To`` concerned, if given.
    ``body`` is the form of an error: ``json``, ``problem`` (RFC 9457) or ``html``. ``status`` 0
    means the usual one of the code.
    """

    fault: FaultKind
    code: int = 20500
    status: int = 0
    body: str = "json"
    seconds: float = 30.0
    times: int = 1
    match: str = ""
    operation: str = "create"
    reports: tuple[Report, ...] = ()
    location: str = ""
    content_type: str = ""


class Faults:
    """The faults still to come, for any number of threads.

    ``kill`` ends the gateway's process at once; None where somebody else keeps that process.
    """

    def __init__(self, kill: Callable[[], None] | None = None) -> None:
        self.kill = kill
        self._lock = threading.Lock()
        self._ahead: list[Fault] = []
        self._over = threading.Event()

    def add(self, *faults: Fault) -> None:
        """Let them happen one after another, after the earlier ones for the same requests.

        Raises:
            ValueError: one is a crash, and the gateway's process is not ours to kill. Then none is
                added.
        """
        if self.kill is None and any(fault.fault is FaultKind.CRASH for fault in faults):
            raise ValueError("crash needs a gateway that the simulator started, as make run does")
        with self._lock:
            self._ahead.extend(faults)

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

    @property
    def over(self) -> threading.Event:
        """What is set when nothing more happens, for what goes on until then."""
        return self._over

    def armed(self) -> list[Fault]:
        """Return what is still to come."""
        with self._lock:
            return list(self._ahead)

    def suffer(self, fault: Fault | None, perform: Callable[[], Response]) -> Response:
        """Carry the current request out as far as the fault lets it."""
        over = self._over
        if fault is None or fault.fault in _LATER:
            return perform()
        kind = fault.fault
        if kind is FaultKind.ERROR:
            return _error(fault)
        if kind is FaultKind.TIME_OUT:
            over.wait(fault.seconds)
        if kind is FaultKind.CRASH and self.kill is not None:
            self.kill()
        if kind in {FaultKind.TIME_OUT, FaultKind.CUT_BEFORE, FaultKind.CRASH}:
            return _cut()
        answer = perform()
        if kind is FaultKind.CUT_AFTER:
            return _cut()
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
    given = dict(document)
    if "reports" in given:
        given["reports"] = parse_script(given["reports"])
    for name, value in given.items():
        if name not in types:
            raise ValueError(f"unknown field {name}")
        if not _fits(value, types[name]):
            raise ValueError(f"{name} has the wrong type")
    fault = Fault(**{**given, "fault": FaultKind(document.get("fault", ""))})
    _check(fault)
    return fault


def _fits(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, tuple if kind == tuple[Report, ...] else str)


def _check(fault: Fault) -> None:
    if fault.body not in {"json", "problem", "html"}:
        raise ValueError("body is json, problem or html")
    if fault.operation not in OPERATIONS:
        raise ValueError(f"operation is one of {', '.join(OPERATIONS)}")
    if fault.operation not in _OPERATIONS_OF.get(fault.fault, _REQUESTS):
        raise ValueError(f"{fault.fault} is no fault of {fault.operation}")
    if fault.fault is FaultKind.STATUS and fault.code not in ERRORS:
        raise ValueError("code is one of the errors that sending can meet")
    if (fault.fault is FaultKind.REPORTS) is not bool(fault.reports):
        raise ValueError("reports go with the fault of that name, and it with them")
    if fault.times < 1 or not 0 <= fault.seconds <= _MOST_SECONDS:
        raise ValueError(f"times is at least 1, and seconds from 0 to {_MOST_SECONDS:.0f}")
    if fault.status and not 300 <= fault.status <= 599:  # noqa: PLR2004 - HTTP's range of what is not a success
        raise ValueError("status is an HTTP status from 300 to 599")


def error_fault(code: int, match: str = "") -> Fault:
    """Return the fault that gives one message an error of Twilio's where it belongs."""
    kind = FaultKind.ERROR if ERRORS[code].status else FaultKind.STATUS
    return Fault(kind, code=code, match=match)


def _error(fault: Fault) -> Response:
    known = ERRORS.get(fault.code)
    status = fault.status or (known.status if known else 0) or 400
    if fault.body == "html":
        return Response("<html><h1>Error</h1></html>", status=status, mimetype="text/html")
    document = error_body(fault.code, "Made to fail.", status)
    if fault.body == "problem":
        kind = document.pop("more_info")
        document = {"type": kind, "title": document.pop("message"), **document}
    answer = jsonify(document)
    answer.status_code = status
    return answer


def _cut() -> Response:
    # What is returned goes nowhere: the connection is already closed in both directions.
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response(status=500)
