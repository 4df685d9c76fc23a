"""The one SQLite file of a standalone gateway, with a connection for each thread."""

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

_BUSY_SECONDS = 5.0


class Database:
    """Call it for this thread's connection. It opens at first use and makes its folder.

    Commits are on disk when they return (WAL with ``synchronous=FULL``), so neither kill -9
    nor a power cut takes them back. Transactions are begun explicitly. The file holds what
    people wrote, so nobody else on the machine may read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[sqlite3.Connection] = []

    def __call__(self) -> sqlite3.Connection:
        """Return this thread's connection.

        Raises:
            sqlite3.Error, OSError: the file cannot be opened.
        """
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close every thread's connection; a later call opens a new one."""
        with self._lock:
            connections, self._open = self._open, []
            self._local = threading.local()
        for connection in connections:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        with self._lock:
            self._open.append(connection)
        return connection
