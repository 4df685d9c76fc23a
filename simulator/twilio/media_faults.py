"""Media that arrive as they should not: what the storage sends under a fault."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Mapping

from flask import Response, request

from simulator.twilio.faults import Fault, FaultKind
from simulator.twilio.media import Medium

_PART = bytes(64 * 1024)
_BOMB_PART = bytes(16 * 1024 * 1024)
_BOMB_PARTS = 64


def spoilt(fault: Fault | None, medium: Medium, over: threading.Event) -> Response | None:
    """Return what comes instead of a medium; None if the fault, if any, is not one of media."""
    if fault is None or fault.fault not in _KINDS:
        return None
    return _KINDS[fault.fault](fault, medium, over)


def _redirect(fault: Fault, _medium: Medium, _over: threading.Event) -> Response:
    return Response(status=307, headers={"Location": fault.location or request.url})


def _cut_within(_fault: Fault, medium: Medium, _over: threading.Event) -> Response:
    """Half of it, and then nothing more."""
    connection = request.environ["werkzeug.socket"]

    def half() -> Iterator[bytes]:
        yield medium.data[: len(medium.data) // 2]
        connection.shutdown(socket.SHUT_RDWR)

    answer = Response(half(), content_type=medium.content_type)
    answer.headers["Content-Length"] = str(len(medium.data))
    return answer


def _endless(_fault: Fault, medium: Medium, over: threading.Event) -> Response:
    parts = iter(lambda: b"" if over.is_set() else _PART, b"")
    return Response(parts, content_type=medium.content_type)


def _drip(fault: Fault, medium: Medium, over: threading.Event) -> Response:
    """A byte at a time, over and over."""

    def drops() -> Iterator[bytes]:
        while not over.wait(fault.seconds):
            yield b"."

    return Response(drops(), content_type=medium.content_type)


def _wrong_type(fault: Fault, medium: Medium, _over: threading.Event) -> Response:
    return Response(medium.data, headers={"Content-Type": fault.content_type})


def _longer(_fault: Fault, medium: Medium, _over: threading.Event) -> Response:
    """Twice what is announced."""
    answer = Response(iter((medium.data, medium.data)), content_type=medium.content_type)
    answer.headers["Content-Length"] = str(len(medium.data))
    return answer


def _gzip_bomb(_fault: Fault, medium: Medium, _over: threading.Event) -> Response:
    """A gigabyte in one megabyte, compressed although nobody asked for it."""
    bomb = gzip.compress(_BOMB_PART) * _BOMB_PARTS
    headers = {"Content-Type": medium.content_type, "Content-Encoding": "gzip"}
    return Response(bomb, headers=headers)


_KINDS: Mapping[FaultKind, Callable[[Fault, Medium, threading.Event], Response]] = {
    FaultKind.REDIRECT: _redirect,
    FaultKind.CUT_WITHIN: _cut_within,
    FaultKind.ENDLESS: _endless,
    FaultKind.DRIP: _drip,
    FaultKind.WRONG_TYPE: _wrong_type,
    FaultKind.LONGER: _longer,
    FaultKind.GZIP_BOMB: _gzip_bomb,
}
