"""Connections that can be cut from another thread, in whatever state they are.

A socket's time limit starts again with every byte that drips in, headers included; only cutting
the connection ends an exchange at a given time.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_thread = threading.local()


class _Exchange:
    """The connection that one thread's request uses at the moment."""

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


class CuttableAdapter(HTTPAdapter):
    """Gives a session connections that ``cut_after`` can cut."""

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
def cut_after(seconds: float) -> Iterator[_Exchange]:
    """Cut the connection of this thread's request when the time is over."""
    exchange = _thread.exchange = _Exchange()
    watchdog = threading.Timer(max(0.0, seconds), exchange.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield exchange
    finally:
        watchdog.cancel()
        _thread.exchange = None


def _register(connection: HTTPConnection) -> None:
    exchange = getattr(_thread, "exchange", None)
    # Kept apart from the connection, which forgets it where the reply is to be the last one.
    if exchange is not None and connection.sock is not None:
        exchange.use(connection.sock)
