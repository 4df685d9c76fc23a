"""Connections that wait to be used again."""

import threading
import time
import weakref
from queue import Full, LifoQueue
from typing import Any

MOST_CONNECTIONS = 64
"""Kept for one server while nobody uses them: each is a descriptor that others may need."""

IDLE_SECONDS = 60.0
"""Servers, and whatever lies between, drop what is idle for minutes, some without a word."""


class IdleConnections(LifoQueue[Any]):
    """So many at most: the one used last is used first, and those unused for so long are closed.

    Also the queue of urllib3's pools, which hold None for each connection that may still be made.
    """

    def __init__(self, maxsize: int = MOST_CONNECTIONS, seconds: float = IDLE_SECONDS) -> None:
        super().__init__(maxsize)
        self.seconds = seconds
        with _lock:
            _all.add(self)

    def put(self, item: Any, block: bool = False, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 - the queue's own signature
        """Keep a connection, or close it where there are enough: a pool would log a warning."""
        try:
            super().put(item, block, timeout)
        except Full:
            if item is not None:
                item.close()

    def close_older(self, seconds: float) -> bool:
        """Close what was not used for so long; return whether there was anything."""
        with self.mutex:
            return self._close_older(seconds)

    def _put(self, item: Any) -> None:
        if item is not None:
            item.used_at = time.monotonic()
        super()._put(item)

    def _get(self) -> Any:
        self._close_older(self.seconds)
        return super()._get()

    def _close_older(self, seconds: float) -> bool:
        oldest = time.monotonic() - seconds
        old = [one for one in self.queue if one and one.sock and one.used_at <= oldest]
        for connection in old:
            connection.close()
        return bool(old)


_lock = threading.Lock()
_all: "weakref.WeakSet[IdleConnections]" = weakref.WeakSet()


def close_idle() -> bool:
    """Close what all clients of the process keep for later; return whether there was anything."""
    with _lock:
        everything = list(_all)
    return sum(one.close_older(0.0) for one in everything) > 0
