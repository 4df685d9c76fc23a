"""Kept-alive connections to one server, each exchange bounded in time and size.

No redirects are followed, so no credentials travel to another host.
"""

import io
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Mapping
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lib.errors import QueueError
from lib.queue.answer import Answer, read_answer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MOST_IDLE = 32
# Google, and whatever lies between, drop what is idle for minutes, some without a word.
_IDLE_SECONDS = 60.0
_OK = 200


class StatusError(Exception):
    """An answer other than success. ``passing`` says that the same request may work later."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        # What Google's own client tries again; 409 is ABORTED there, and 499 CANCELLED.
        self.passing = status in {409, 429, 499} or status >= 500  # noqa: PLR2004


class Connections:
    """Exchanges for all threads. The connection used last is used first; the rest grow old."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "https"
        self._address = (parts.hostname or "", parts.port or (443 if self._tls else 80))
        self._host = parts.netloc
        self._lock = threading.Lock()
        self._idle: deque[_Connection] = deque()

    def exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> bytes:
        """Send a request once and return the body of the answer.

        Raises:
            StatusError: it was not 200.
            OSError: there was no whole answer in time.
            QueueError: it is larger than any real one.
        """
        if seconds <= 0:
            raise TimeoutError
        deadline = time.monotonic() + seconds
        request = _head(method, path, {"Host": self._host, **headers}, len(body)) + body
        connection = self._take() or self._connected(seconds)
        try:
            answer = connection.exchange(request, deadline)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection, last=answer.last)
        if answer.status != _OK:
            raise StatusError(answer.status)
        return answer.body

    def close(self) -> None:
        """Close what is kept for the next exchange."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> "_Connection | None":
        while connection := self._newest():
            # Not under the lock: asking the kernel lets other threads run, into that lock.
            if not connection.was_closed():
                return connection
            connection.close()
        return None

    def _newest(self) -> "_Connection | None":
        oldest = time.monotonic() - _IDLE_SECONDS
        with self._lock:
            while self._idle and self._idle[0].used_at < oldest:
                self._idle.popleft().close()
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: "_Connection", *, last: bool) -> None:
        with self._lock:
            if not last and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _connected(self, seconds: float) -> "_Connection":
        """Connect in a thread that is left behind when the time is over.

        Nothing else bounds the look-up of a name and the trying of its addresses one by one.
        """
        outcome: SimpleQueue[_Connection | OSError] = SimpleQueue()

        def connect() -> None:
            try:
                outcome.put(self._connect(seconds))
            except OSError as error:
                outcome.put(error)

        threading.Thread(target=connect, name="connect", daemon=True).start()
        try:
            connected = outcome.get(timeout=seconds)
        except Empty:
            raise TimeoutError from None
        if isinstance(connected, OSError):
            raise connected
        return connected

    def _connect(self, seconds: float) -> "_Connection":
        connected = socket.create_connection(self._address, seconds)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls:
            connected = _tls_context().wrap_socket(connected, server_hostname=self._address[0])
        return _Connection(_Wire(connected))


class _Wire(io.RawIOBase):
    """A connected socket whose every wait ends at the deadline.

    A socket's own time limit would start again with every byte that drips in.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.deadline = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._limit()
        return self._socket.recv_into(buffer)

    def send_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._limit()
            rest = rest[self._socket.send(rest) :]

    def has_news(self) -> bool:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        self._socket.close()
        super().close()

    def _limit(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


class _Connection:
    """One open connection, for one exchange at a time."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire
        self._answers = io.BufferedReader(wire)
        self.used_at = 0.0

    def exchange(self, request: bytes, deadline: float) -> Answer:
        self._wire.deadline = deadline
        self._wire.send_all(request)
        answer = read_answer(self._answers)
        self.used_at = time.monotonic()
        return answer

    def was_closed(self) -> bool:
        """Whether the server has closed it meanwhile; it has nothing else to say unasked."""
        return self._wire.has_news()

    def close(self) -> None:
        self._answers.close()


def _head(method: str, path: str, headers: Mapping[str, str], length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise QueueError("a header that is none")
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()


@cache
def _tls_context() -> ssl.SSLContext:
    # Reading all trusted certificates takes 20 ms: once, and only where there is TLS.
    return ssl.create_default_context()
