"""One request and its response, under one deadline for everything: urllib3, with limits.

Never sent twice: whoever was asked may have acted already. Redirects are not followed, so that
no credentials travel to another host; no cookie is kept, and no password is taken from ``.netrc``.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult

from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import TimeoutError as NoTimeLeftError
from urllib3.response import BaseHTTPResponse

from lib.stopping import Stop
from lib.web.errors import ExchangeError, LateError, OversizeError
from lib.web.idle import IDLE_SECONDS
from lib.web.message import Response, Stream, require_lines, split
from lib.web.pool import Deadline, pool_for
from lib.web.proxy import proxy_for
from lib.web.waits import obeying

MOST_BYTES = 4 * 1024 * 1024
"""Of a response: more would not be read on a phone, and an endless one must end."""

_PART_BYTES = 64 * 1024
# Each takes work of its own, and no server sends a few bytes in each for long.
_MOST_PARTS = 100_000
# What urllib3 raises where there is no response, or no more of it.
_FAILURES = (HTTPError, HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class _Server:
    """The connections to a server, and what stands before a path: a proxy wants the whole URL."""

    pool: HTTPConnectionPool
    prefix: str


class Client:
    """Makes requests for all threads, on connections that are kept open.

    The way to a server is found at the first request to it, with the proxies that the
    environment names unless ``proxies`` is false. Certificates are checked with what the system
    trusts (SSL_CERT_FILE is obeyed), or certifi where the system names none. A client that nobody
    holds any more leaves no connection open.
    """

    def __init__(self, *, proxies: bool = True, idle_seconds: float = IDLE_SECONDS) -> None:
        self._proxies = proxies
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._servers: dict[SplitResult, _Server] = {}

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        seconds: float,
        most_bytes: int = MOST_BYTES,
    ) -> Response:
        """Send a request once and return the whole response, whatever its status.

        Raises:
            UnusableError, UnreachedError, LateError, OversizeError, ExchangeError: see ``stream``.
        """
        with self.stream(method, url, headers, body, seconds, most_bytes) as stream:
            return Response(stream.status, stream.headers, b"".join(stream.body))

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        seconds: float,
        most_bytes: int = MOST_BYTES,
        *,
        stop: Stop | None = None,
    ) -> Iterator[Stream]:
        """Send a request once and read the response as it arrives; what is not read is dropped.

        The limits are those of the whole: the body raises the same errors while it is read. An
        order to ``stop`` closes the connection, whatever is waited for.

        Raises:
            StoppedError: the order was given.
            UnusableError: no request can be made of this.
            UnreachedError: no connection was made.
            LateError: the response was not complete in so many seconds.
            OversizeError: it has more than so many bytes, once decompressed.
            ExchangeError: it broke off, or is no response.
        """
        if seconds <= 0:
            raise LateError("no time left")
        origin, target = split(url)
        require_lines(headers)
        server = self._server(origin)
        try:
            with obeying(stop):
                response = server.pool.urlopen(
                    method,
                    server.prefix + target,
                    body,
                    dict(headers),
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    timeout=Deadline(seconds),
                    preload_content=False,
                )
        except _FAILURES as error:
            raise _failure(error) from None
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            yield Stream(response.status, headers, _parts(response, most_bytes, stop))
        finally:
            response.close()

    def close(self) -> None:
        """Close the connections that are kept for the next request."""
        with self._lock:
            servers = list(self._servers.values())
            self._servers.clear()
        for server in servers:
            server.pool.close()

    def _server(self, origin: SplitResult) -> _Server:
        server = self._servers.get(origin)
        if server is None:
            with self._lock:
                server = self._servers.get(origin) or self._find(origin)
                self._servers[origin] = server
        return server

    def _find(self, origin: SplitResult) -> _Server:
        proxy = proxy_for(origin) if self._proxies else None
        prefix = origin.geturl() if proxy and origin.scheme == "http" else ""
        return _Server(pool_for(origin, proxy, self._idle_seconds), prefix)


def _parts(response: BaseHTTPResponse, most_bytes: int, stop: Stop | None) -> Iterator[bytes]:
    """The parts of a body as they arrive, decompressed."""
    size = 0
    for _ in range(_MOST_PARTS):
        try:
            # Not longer than it waits: whoever reads may send something meanwhile.
            with obeying(stop):
                part = response.read1(_PART_BYTES, decode_content=True)
        except _FAILURES as error:
            raise _failure(error) from None
        if not part:
            return
        size += len(part)
        if size > most_bytes:
            raise OversizeError("too large")
        yield part
    raise OversizeError("too many parts")


def _failure(error: Exception) -> ExchangeError:
    # urllib3 wraps what the socket said: ProtocolError(sentence, error).
    said = error.args[-1] if isinstance(error, ProtocolError) else error
    if isinstance(error, NoTimeLeftError) or isinstance(said, TimeoutError):
        return LateError("no complete response")
    return ExchangeError(type(said).__name__)
