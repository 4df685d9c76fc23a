"""The client that publishes: the standard library's, under the same limits as ``client``.

A cold webhook has loaded it anyway, while urllib3 would start and publish too slowly; see decision
0056. It knows no proxy, no compression and no streams.
"""

import select
import socket
import threading
import time
import weakref
from collections.abc import Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException
from queue import Empty
from urllib.parse import SplitResult

from lib.errors import ShortageError
from lib.web.errors import ExchangeError, LateError, OversizeError
from lib.web.idle import IDLE_SECONDS, IdleConnections
from lib.web.message import Response, require_lines, split
from lib.web.sockets import CONNECT_SECONDS, connected, left_until, unreached
from lib.web.trust import trusted


class DirectClient:
    """Makes requests for all threads, on connections that are kept open."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._servers: dict[SplitResult, IdleConnections] = {}
        # A client that nobody holds any more leaves no connection open.
        weakref.finalize(self, _close, self._servers)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        seconds: float,
        most_bytes: int,
    ) -> Response:
        """Send a request once and return the whole response; see ``Client.request``."""
        if seconds <= 0:
            raise LateError("no time left")
        origin, target = split(url)
        require_lines(headers)
        idle = self._idle(origin)
        connection = _taken(idle) or _Connection(origin)
        connection.begin(seconds)
        try:
            connection.request(method, target, body, headers)
            response = connection.read(most_bytes)
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError | HTTPException):
                raise _failure(error) from None
            raise
        idle.put(connection)
        return response

    def close(self) -> None:
        """Close the connections that are kept for the next request."""
        _close(self._servers)

    def _idle(self, origin: SplitResult) -> IdleConnections:
        idle = self._servers.get(origin)
        if idle is None:
            with self._lock:
                made = IdleConnections(seconds=self._idle_seconds)
                idle = self._servers.setdefault(origin, made)
        return idle


class _Connection(HTTPConnection):
    """A connection to one server, made at its first request and again after it was closed."""

    def __init__(self, origin: SplitResult) -> None:
        self._tls = origin.scheme == "https"
        self.default_port = 443 if self._tls else 80
        super().__init__(origin.hostname or "", origin.port or self.default_port)
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        """Let the next exchange end so many seconds from now."""
        self._end = time.monotonic() + seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def connect(self) -> None:
        """Connect; see ``Client`` for the errors."""
        seconds = min(left_until(self._end), CONNECT_SECONDS)
        try:
            self.sock = connected(partial(self._reached, seconds), seconds)
            if self._tls:
                self.sock = trusted().wrap_socket(self.sock, server_hostname=self.host)
        except (OSError, ValueError, ShortageError) as error:
            raise unreached(error) from None
        self.sock.settimeout(left_until(self._end))

    def read(self, most_bytes: int) -> Response:
        """Read the whole response."""
        with self.getresponse() as response:
            # Who publishes must not take a response that was cut in its head for a whole one.
            if response.length is None and not response.chunked:
                raise ExchangeError("neither length nor chunks")
            body = response.read(most_bytes + 1)
            if len(body) > most_bytes:
                raise OversizeError("too large")
            if response.length:
                raise ExchangeError("IncompleteRead")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status, headers, body)

    def _reached(self, seconds: float) -> socket.socket:
        if self._tls:
            trusted()
        made = socket.create_connection((self.host, self.port), seconds)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


def _taken(idle: IdleConnections) -> _Connection | None:
    """The connection used last, closed if the server has closed it: it has nothing else to say."""
    try:
        connection: _Connection = idle.get_nowait()
    except Empty:
        return None
    if connection.sock is not None:
        poll = select.poll()
        poll.register(connection.sock, select.POLLIN)
        if poll.poll(0):
            connection.close()
    return connection


def _failure(error: Exception) -> ExchangeError:
    if isinstance(error, TimeoutError):
        return LateError("no complete response")
    return ExchangeError(type(error).__name__)


def _close(servers: Mapping[SplitResult, IdleConnections]) -> None:
    for idle in list(servers.values()):
        idle.close_older(0.0)
