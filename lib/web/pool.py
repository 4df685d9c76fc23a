"""urllib3's pool of connections to one server, its waits limited."""

import socket
import time
from http.client import HTTPException
from typing import cast
from urllib.parse import SplitResult

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from lib.errors import ShortageError
from lib.web.idle import MOST_CONNECTIONS, IdleConnections
from lib.web.proxy import Proxy
from lib.web.sockets import CONNECT_SECONDS, connected, left_until, unreached
from lib.web.trust import trusted


class Deadline(Timeout):
    """Ends an exchange so many seconds after it was made.

    urllib3 clones the time limit for each part of an exchange: each gets what is left.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(total=seconds)
        self._end = time.monotonic() + seconds

    def clone(self) -> Timeout:
        """Return what is left, as a time limit for all that follows."""
        return Timeout(total=left_until(self._end))


class _Connection(HTTPConnection):
    def connect(self) -> None:
        """Connect, with all that a proxy and TLS ask for; nothing is sent to the server yet.

        Raises:
            UnreachedError: it was not there in time, or could not be made.
        """
        end = time.monotonic() + self._seconds
        self.timeout = min(self._seconds, CONNECT_SECONDS)
        try:
            super().connect()
        except (OSError, HTTPError, HTTPException, ValueError, ShortageError) as error:
            raise unreached(error) from None
        self.timeout = left_until(end)
        self.sock.settimeout(self.timeout)

    @property
    def _seconds(self) -> float:
        return CONNECT_SECONDS if self.timeout is None else float(self.timeout)

    def _new_conn(self) -> socket.socket:
        return connected(self._reached, self._seconds)

    def _reached(self) -> socket.socket:
        return super()._new_conn()


class _TlsConnection(_Connection, HTTPSConnection):
    def _reached(self) -> socket.socket:
        self.ssl_context = trusted()
        return super()._reached()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection
    QueueCls = IdleConnections


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
    QueueCls = IdleConnections


_CLASSES = {"http": _Pool, "https": _TlsPool}


def pool_for(origin: SplitResult, proxy: Proxy | None, idle_seconds: float) -> HTTPConnectionPool:
    """Return a new pool; what is idle for so many seconds is not used again."""
    options = {"maxsize": MOST_CONNECTIONS, "socket_options": _Connection.default_socket_options}
    manager = (
        ProxyManager(proxy.url, proxy_headers=proxy.headers, **options)
        if proxy
        else PoolManager(**options)
    )
    manager.pool_classes_by_scheme = _CLASSES
    pool = manager.connection_from_url(origin.geturl())
    cast("IdleConnections", pool.pool).seconds = idle_seconds
    return pool
