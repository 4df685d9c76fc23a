"""The one SQLite file of a standalone gateway, with a connection for each thread."""

import contextlib
import os
import sqlite3
import threading
import time
from pathlib import Path

_BUSY_SECONDS = 5.0
_BUSY_PAUSE_SECONDS = 0.01


class Database:
    """Call it for this thread's connection. It opens at first use and makes its folder.

    Commits are on disk when they return (WAL with ``synchronous=FULL``), so neither kill -9
    nor a power cut takes them back. Transactions are begun explicitly. The file holds what
    people wrote, so nobody else on the machine may read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}

    def __call__(self) -> sqlite3.Connection:
        """Return this thread's connection.

        Raises:
            sqlite3.Error, OSError: the file cannot be opened.
        """
        thread = threading.current_thread()
        with self._lock:
            connection = self._open.get(thread)
        if connection is None:
            connection = self._connect()
            with self._lock:
                ended = [self._open.pop(other) for other in list(self._open) if _ended(other)]
                self._open[thread] = connection
            _close(ended)
        return connection

    def close(self) -> None:
        """Close every thread's connection; a later call opens a new one."""
        with self._lock:
            connections = list(self._open.values())
            self._open.clear()
        _close(connections)

    def _connect(self) -> sqlite3.Connection:
        with self._lock:
            self._create()
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _turn_wal_on(connection)
            connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        """Make the file, for nobody else's eyes.

        Never opened by hand once it is there: closing it would drop SQLite's own locks on it
        (POSIX advisory locks belong to the process), and another process could then take away
        the log that this one writes to. Source: SQLite, "How To Corrupt An SQLite Database File".
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _turn_wal_on(connection: sqlite3.Connection) -> None:
    """Wait for others who turn it on at this moment: SQLite itself refuses instead."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE_SECONDS)
        else:
            return


def _ended(thread: threading.Thread) -> bool:
    return not thread.is_alive()


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        with contextlib.suppress(sqlite3.Error):
            connection.close()
