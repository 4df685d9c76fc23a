"""The one SQLite file of a standalone gateway, shared by all threads of the process."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from lib.file_errors import NewerFileError, explained
from lib.storage.sqlite.file import connect

Statement = tuple[str, Sequence[object] | Mapping[str, object]]
"""An SQL statement with its values."""

FORMAT = 1
"""Of the file; to be raised only where an earlier version would spoil or misread it."""


class _Open(NamedTuple):
    """The connections to an open file, and a descriptor of its log."""

    writer: sqlite3.Connection
    reader: sqlite3.Connection
    log: int


class Database:
    """One connection writes and one reads; the file is opened at first use.

    ``prepare`` makes the tables, each time a process opens the file. A ``durable`` transaction
    is on disk when it ends, so that neither kill -9 nor a power cut takes it back. Any other
    survives kill -9, and gets to the disk with the next durable one: a power cut may take back
    the latest of them, never one from between.

    SQLite itself would wait for the disk at each commit, while nobody else can write. Here
    commits are only written (``synchronous=NORMAL``), and the log is synced outside of the lock,
    once for all who wait. Source: SQLite, "Write-Ahead Logging" and "PRAGMA synchronous".

    Another process that writes is waited for, ``busy_seconds`` at most.
    """

    def __init__(
        self,
        path: Path,
        *prepare: Callable[[sqlite3.Connection], None],
        busy_seconds: float = 5.0,
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        self._path = path
        self._prepare = prepare
        self._busy_seconds = busy_seconds
        self._sync = sync
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._syncing = threading.Lock()
        self._open: _Open | None = None
        self._commits = 0
        self._synced = 0

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Give the connection that writes: committed with the block, or undone with it.

        It is a writing transaction from its start, so that nobody reads in it what somebody else
        is about to change. The block must be short, and begin no other.

        Raises:
            sqlite3.Error, OSError: it is not stored, or nobody can tell.
        """
        with self._writing:
            connection = self._opened().writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            self._commits += 1
            commit = self._commits
        if durable:
            self._wait_for_disk(commit)

    def execute(self, statement: Statement, *, durable: bool = True) -> int:
        """Return how many rows a statement wrote, which is a transaction by itself.

        It must return no rows of its own: it would not be committed before the last is fetched.

        Raises:
            sqlite3.Error, OSError: it is not stored, or nobody can tell.
        """
        with self._writing:
            written = self._opened().writer.execute(*statement).rowcount
            self._commits += 1
            commit = self._commits
        if durable:
            self._wait_for_disk(commit)
        return written

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection that reads what is committed; each statement sees one moment.

        Raises:
            sqlite3.Error, OSError: the file fails.
        """
        with self._reading:
            if self._open is None:
                with self._writing:
                    self._opened()
            yield self._opened().reader

    def explain(self, error: Exception) -> str:
        """Return what an error of this file means, and the way out, in one line."""
        return explained(self._path, error)

    def close(self) -> None:
        """Close both connections; a later call opens new ones."""
        with self._reading, self._writing, self._syncing:
            if self._open is not None:
                writer, reader, log = self._open
                reader.close()
                writer.close()
                os.close(log)
            self._open = None

    def _wait_for_disk(self, commit: int) -> None:
        with self._syncing:
            if self._synced < commit and self._open is not None:
                written = self._commits
                self._sync(self._open.log)
                self._synced = written

    def _opened(self) -> _Open:
        if self._open is None:
            with ExitStack() as stack:
                writer = connect(self._path, self._busy_seconds)
                stack.callback(writer.close)
                self._set_up(writer)
                reader = connect(self._path, self._busy_seconds)
                stack.callback(reader.close)
                # SQLite locks the database and its index, never the log: this is harmless.
                log = os.open(f"{self._path}-wal", os.O_RDONLY)
                stack.pop_all()
            self._open = _Open(writer, reader, log)
        return self._open

    def _set_up(self, writer: sqlite3.Connection) -> None:
        writer.execute("PRAGMA synchronous=NORMAL")
        writer.execute("BEGIN IMMEDIATE")
        known = writer.execute("PRAGMA user_version").fetchone()[0]
        if known > FORMAT:
            raise NewerFileError(f"a newer version wrote it (format {known}, and not {FORMAT})")
        if known < FORMAT:
            writer.execute(f"PRAGMA user_version={FORMAT}")
        for prepare in self._prepare:
            prepare(writer)
        writer.execute("COMMIT")
