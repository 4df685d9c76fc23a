"""One request and its complete answer, under one deadline for everything.

Never sent twice: whoever was asked may have acted already. Redirects are not followed, so that
no credentials travel to another host; no cookie is kept, and no password is taken from ``.netrc``.
Answers are asked for uncompressed.
"""

import threading
import weakref
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from lib.web.answer import Answer
from lib.web.connections import IDLE_SECONDS, Connections
from lib.web.errors import UnusableError
from lib.web.ways import Ways

MOST_BYTES = 4 * 1024 * 1024
"""Of an answer: more would not be read on a phone, and an endless one must end."""


class Client:
    """Makes exchanges for all threads, on connections that are kept open.

    The way to a server is found at the first exchange with it, with the proxies that the
    environment names unless ``proxies`` is false. Certificates are checked with what the system
    trusts (SSL_CERT_FILE is obeyed), or certifi where the system names none.
    """

    def __init__(self, *, proxies: bool = True, idle_seconds: float = IDLE_SECONDS) -> None:
        self._ways = Ways(proxies=proxies)
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._servers: dict[tuple[str, str], Connections] = {}
        _clients.add(self)
        # A client that nobody holds any more leaves no connection open.
        weakref.finalize(self, _close, self._servers)

    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        seconds: float,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Send a request once and return the answer, whatever its status.

        Raises:
            UnusableError: no request can be made of this.
            UnreachedError: no connection was made.
            LateError: the answer was not complete in so many seconds.
            OversizeError: it has more than so many bytes.
            ExchangeError: it broke off, or is no answer.
        """
        origin, target = _parts(url)
        server = self._server(origin)
        whole = server.way.prefix + target
        head = _head(method, whole, origin, {**server.way.headers, **headers}, len(body))
        return server.exchange(head + body, seconds, most_bytes)

    def close(self) -> None:
        """Close the connections that are kept for the next exchange."""
        with self._lock:
            _close(self._servers)

    def close_idle(self) -> bool:
        """Close the connections that nobody uses now; return whether there were any."""
        with self._lock:
            servers = list(self._servers.values())
        return sum(server.close() for server in servers) > 0

    def _server(self, origin: SplitResult) -> Connections:
        key = origin.scheme, origin.netloc
        server = self._servers.get(key)
        if server is None:
            with self._lock:
                server = self._servers.get(key) or Connections(
                    self._ways, self._ways.find(origin), self._idle_seconds, _make_room
                )
                self._servers[key] = server
        return server


# Those that anybody still holds.
_clients: "weakref.WeakSet[Client]" = weakref.WeakSet()


def _make_room() -> bool:
    """Close what all clients of the process keep open for later; return whether it was anything."""
    return sum(client.close_idle() for client in list(_clients)) > 0


def _close(servers: Mapping[tuple[str, str], Connections]) -> None:
    for server in servers.values():
        server.close()


@lru_cache(maxsize=64)
def _parts(url: str) -> tuple[SplitResult, str]:
    """The server of a URL, without any name and password, and what is asked of it."""
    try:
        parts = urlsplit(url)
        origin = SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], "", "", "")
        known = origin.scheme in {"http", "https"} and origin.hostname and origin.port != 0
    except ValueError:
        known = False
    if not known:
        raise UnusableError("no address")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return origin, target


def _head(
    method: str, target: str, origin: SplitResult, headers: Mapping[str, str], length: int
) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {origin.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    # Neither two lines out of one, nor what no header can hold.
    if not all(line.isascii() and line.isprintable() for line in lines) or " " in target:
        raise UnusableError("no header")
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()
