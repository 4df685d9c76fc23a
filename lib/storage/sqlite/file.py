"""Opening the one SQLite file of a standalone gateway."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path

_BUSY_PAUSE_SECONDS = 0.01


def connect(path: Path, busy_seconds: float = 5.0) -> sqlite3.Connection:
    """Return a connection for any thread, one at a time; makes the file and its folder.

    Write-ahead logging: readers and the writer do not wait for each other; another process that
    writes is waited for. Transactions are begun explicitly. The file holds what people wrote, so
    nobody else on the machine may read it.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened.
    """
    _create(path)
    connection = sqlite3.connect(
        path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    # One text that is none must not spoil the list it stands in.
    connection.text_factory = _text
    try:
        _turn_wal_on(connection, busy_seconds)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _text(encoded: bytes) -> str:
    return encoded.decode(errors="replace")


def _create(path: Path) -> None:
    """Make the file, for nobody else's eyes.

    Never opened by hand once it is there: closing it would drop SQLite's own locks on it
    (POSIX advisory locks belong to the process), and another process could then take away
    the log that this one writes to. Source: SQLite, "How To Corrupt An SQLite Database File".
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _turn_wal_on(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Wait for others who turn it on at this moment: SQLite itself refuses instead."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE_SECONDS)
        else:
            return
