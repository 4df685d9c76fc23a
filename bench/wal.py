"""How often a SQLite database was committed to, and what a commit takes at least."""

import sqlite3
import struct
import time
from pathlib import Path

_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24


def commits(database: Path) -> int:
    """Return how many commits the write-ahead log holds that were not checkpointed away.

    Source: SQLite, "WAL-mode File Format": a frame that ends a transaction tells the size of
    the database after it, any other tells 0; frames of an earlier round have other salts.
    """
    log = database.with_name(f"{database.name}-wal").read_bytes()
    if len(log) < _HEADER_BYTES:
        return 0
    page_bytes = struct.unpack_from(">I", log, 8)[0]
    salts = log[16:24]
    count = 0
    for start in range(_HEADER_BYTES, len(log), _FRAME_HEADER_BYTES + page_bytes):
        if log[start + 8 : start + 16] != salts:
            break
        count += struct.unpack_from(">I", log, start + 4)[0] != 0
    return count


class Committer:
    """Commits a document as a turn does (WAL, ``synchronous=FULL``) and nothing else."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, body TEXT)")

    def milliseconds(self, commits: int) -> float:
        """Return what so many commits of a document of a turn's size take, one after another."""
        began = time.monotonic()
        for _ in range(commits):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO documents (body) VALUES (?)", ("x" * 1000,))
            self._connection.execute("COMMIT")
        return (time.monotonic() - began) * 1000

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
