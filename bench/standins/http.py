"""The least HTTP/1.1 that a server needs: whole requests on connections that are kept alive."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_REASONS = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its body read."""

    method: str
    target: str
    body: bytes


Answer = Callable[[bytes], None]
Handle = Callable[[Request, Answer], None]
"""Takes a request and what writes its answer, now or later."""


class Connection(asyncio.Protocol):
    """One connection. Clients wait for an answer before they ask again, so order needs no care."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is a TCP server's
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Handle every request that is whole."""
        self._buffer += data
        while True:
            request, self._buffer = take_request(self._buffer)
            if request is None:
                return
            self._handle(request, self._answer)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def take_request(received: bytes) -> tuple[Request | None, bytes]:
    """Return the first request if it is whole, and what follows it."""
    head, end, rest = received.partition(_HEAD_END)
    if not end:
        return None, received
    length = content_length(head)
    if len(rest) < length:
        return None, received
    method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    return Request(method, target, rest[:length]), rest[length:]


def content_length(head: bytes) -> int:
    """Return the length of the body that follows; 0 where none is named."""
    _, found, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0]) if found else 0


def response(status: int, body: bytes = b"") -> bytes:
    """Return a whole answer, JSON where it has a body."""
    head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
