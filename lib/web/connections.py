"""Connections that can be cut from another thread, in whatever state they are.

A socket's time limit starts again with every byte that drips in, headers included; only cutting
the connection ends an exchange at a given time.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from lib.web.watchdog import Watchdog

MOST_CONNECTIONS = 256
"""Kept open to one host: more than an instance has conversations at once, so none is dropped."""

_thread = threading.local()
_watchdog = Watchdog()


class Line:
    """The connection that one thread's exchange uses at the moment; None before there is one."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.was_cut = False

    def cut(self) -> None:
        """End the exchange: whatever waits for the connection fails at once."""
        self.was_cut = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def use(self, connected: socket.socket) -> None:
        """Take a new connection; it is cut at once where the time ran out while it was made."""
        self.socket = connected
        if self.was_cut:
            self.cut()


class _Http(HTTPConnection):
    def connect(self) -> None:
        """Connect, and be known as this thread's connection."""
        super().connect()
        _register(self)

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send a request, perhaps not the first one, and be known again."""
        _register(self)
        super().request(*arguments, **options)


class _Https(_Http, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class Road(NamedTuple):
    """The way to a host: its connections, and what stands before the path of a request."""

    pool: HTTPConnectionPool
    prefix: str


class Roads(HTTPAdapter):
    """Finds the way to a host as ``requests`` does: proxies and certificates of the environment.

    Found once for each host: looking at the environment takes as long as the rest of a request.
    """

    def __init__(self) -> None:
        self._environment = requests.Session()
        self._known: dict[str, Road] = {}
        super().__init__(pool_maxsize=MOST_CONNECTIONS, max_retries=0)

    def to(self, origin: str) -> Road:
        """Return the way to a scheme, host and port."""
        road = self._known.get(origin)
        if road is None:
            # Two threads may both look; the pool they find is the same.
            road = self._known[origin] = self._find(origin)
        return road

    def _find(self, origin: str) -> Road:
        request = requests.Request("GET", origin).prepare()
        found = self._environment.merge_environment_settings(origin, {}, None, None, None)
        proxies, verify, cert = found["proxies"], found["verify"], found["cert"]
        pool: Any = self.get_connection_with_tls_context(request, verify, proxies, cert)
        self.cert_verify(pool, origin, verify, cert)  # type: ignore[no-untyped-call] # theirs
        target = self.request_url(request, proxies)
        return Road(pool, "" if target.startswith("/") else origin)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # whose own pools are the way to the proxy
            manager.pool_classes_by_scheme = _POOLS
        return manager


@contextlib.contextmanager
def cut_after(seconds: float) -> Iterator[Line]:
    """Cut the connection of this thread's exchange when the time is over."""
    line = _thread.line = Line()
    with _watchdog.watching(line.cut, seconds):
        try:
            yield line
        finally:
            _thread.line = None


def _register(connection: HTTPConnection) -> None:
    line = getattr(_thread, "line", None)
    # Kept apart from the connection, which forgets it where the reply is to be the last one.
    if line is not None and connection.sock is not None:
        line.use(connection.sock)
