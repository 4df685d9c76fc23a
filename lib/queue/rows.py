"""The rows of the local queue's table.

The first message of each key carries the time it is due; the later ones carry none until it is
gone. So order within a key is what the table says, whatever becomes of the process.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from lib.queue.row import Row, read_row

FAST = "#fast"
"""Behind the address in the key of what overtakes everything else of the same person."""

# An index is used where a statement has its very condition.
_IS_FAST = f"substr(key, -{len(FAST)}) = '{FAST}'"
_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS queued (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        data BLOB NOT NULL,
        attributes TEXT NOT NULL,
        published_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at REAL,
        refusals INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX IF NOT EXISTS queued_by_key ON queued (key)",
    "CREATE INDEX IF NOT EXISTS queued_by_due ON queued (due_at) WHERE due_at IS NOT NULL",
    f"""
    CREATE INDEX IF NOT EXISTS queued_fast ON queued (due_at)
    WHERE due_at IS NOT NULL AND {_IS_FAST}
    """,
)
# Files from before the column existed.
_HAS_COLUMN = "SELECT 1 FROM pragma_table_info('queued') WHERE name = 'refusals'"
_ADD_COLUMN = "ALTER TABLE queued ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0"
_ADD = """
INSERT INTO queued (key, data, attributes, published_at, due_at)
SELECT :key, :data, :attributes, :now,
    CASE WHEN EXISTS (SELECT 1 FROM queued WHERE key = :key) THEN NULL ELSE :now END
"""
# No key may wait for a message that is never due.
_REPAIR = """
UPDATE queued SET due_at = 0 WHERE number IN (SELECT min(number) FROM queued GROUP BY key)
AND due_at IS NULL
"""
# A clock that was set back must not leave a message waiting for longer than any retry does.
_MEND = "UPDATE queued SET due_at = :now WHERE due_at > :latest"
_TAKE = """
UPDATE queued SET attempts = attempts + 1 WHERE number IN (
    SELECT number FROM queued
    WHERE due_at <= :now AND CAST(key AS TEXT) NOT IN (SELECT value FROM json_each(:busy))
    ORDER BY due_at LIMIT :most
)
RETURNING number, key, data, attributes, published_at, attempts, refusals
"""
# By an index of their own, however many others are due.
_TAKE_FAST = _TAKE.replace("WHERE due_at", f"WHERE {_IS_FAST} AND due_at")
_NEXT_DUE = """
SELECT max(due_at, 0) FROM queued
WHERE due_at IS NOT NULL AND CAST(key AS TEXT) NOT IN (SELECT value FROM json_each(:busy))
ORDER BY due_at LIMIT 1
"""
_RELEASE = """
UPDATE queued SET due_at = :now
WHERE number = (SELECT min(number) FROM queued WHERE key = :key)
"""
# What was taken and never handed out was no attempt.
_PUT_BACK = "UPDATE queued SET attempts = max(attempts - 1, 0) WHERE number = ?"
_PURGE = "DELETE FROM queued WHERE key = ? AND published_at BETWEEN ? AND ?"
_RELEASE_WAITING = """
UPDATE queued SET due_at = 0
WHERE number = (SELECT min(number) FROM queued WHERE key = ?) AND due_at IS NULL
"""

Statement = tuple[str, Sequence[object] | Mapping[str, object]]
"""An SQL statement with its values."""


class Transactions(Protocol):
    """The database that the table is in; see ``lib.storage.sqlite.database``."""

    def transaction(self, *, durable: bool = True) -> AbstractContextManager[sqlite3.Connection]:
        """Give a connection that writes, all or nothing; ``durable``: on disk when it ends."""

    def execute(self, statement: Statement, *, durable: bool = True) -> int:
        """Return how many rows a statement wrote, which is a transaction by itself."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Give a connection that reads what is committed."""

    def explain(self, error: Exception) -> str:
        """Return what an error means, and the way out, in one line."""


def create(connection: sqlite3.Connection) -> None:
    """Make the table unless it is there."""
    for statement in _SCHEMA:
        connection.execute(statement)
    if not connection.execute(_HAS_COLUMN).fetchone():
        connection.execute(_ADD_COLUMN)
    connection.execute(_REPAIR)


def addition(key: str, data: bytes, attributes: Mapping[str, str], now: datetime) -> Statement:
    """The statement that queues a message behind all others of its key."""
    encoded = json.dumps(dict(attributes))
    return _ADD, {"key": key, "data": data, "attributes": encoded, "now": now.timestamp()}


def mend(connection: sqlite3.Connection, now: datetime, latest: datetime) -> None:
    """Make due at once what would wait beyond ``latest``."""
    connection.execute(_MEND, {"now": now.timestamp(), "latest": latest.timestamp()})


def take(
    connection: sqlite3.Connection, busy: Collection[str], now: datetime, most: int
) -> list[Row]:
    """Count and return a new attempt for the first messages that are due, of keys not busy."""
    return _take(connection, _TAKE, busy, now, most)


def take_fast(
    connection: sqlite3.Connection, busy: Collection[str], now: datetime, most: int
) -> list[Row]:
    """Do the same for those alone that overtake others."""
    return _take(connection, _TAKE_FAST, busy, now, most)


def _take(
    connection: sqlite3.Connection, statement: str, busy: Collection[str], now: datetime, most: int
) -> list[Row]:
    values = {"now": now.timestamp(), "busy": json.dumps(list(busy)), "most": most}
    return [read_row(*found) for found in connection.execute(statement, values).fetchall()]


def next_due(connection: sqlite3.Connection, busy: Collection[str]) -> datetime | None:
    """When the next message falls due, of keys not busy; None if there is none."""
    found = connection.execute(_NEXT_DUE, {"busy": json.dumps(list(busy))}).fetchone()
    return datetime.fromtimestamp(found[0], UTC) if found else None


def remove(connection: sqlite3.Connection, row: Row, now: datetime) -> None:
    """Delete a message that is dealt with; the next one of its key is due."""
    connection.execute("DELETE FROM queued WHERE number = ?", (row.number,))
    connection.execute(_RELEASE, {"key": row.key, "now": now.timestamp()})


def postpone(connection: sqlite3.Connection, row: Row, until: datetime) -> None:
    """Let a message, and with it all later ones of its key, wait."""
    connection.execute(
        "UPDATE queued SET due_at = ?, refusals = refusals + 1 WHERE number = ?",
        (until.timestamp(), row.number),
    )


def put_back(connection: sqlite3.Connection, row: Row) -> None:
    """Leave a message as it was before it was taken: still due, and not attempted."""
    connection.execute(_PUT_BACK, (row.number,))


def purge(
    connection: sqlite3.Connection,
    keys: Collection[str],
    before: datetime,
    since: datetime | None = None,
) -> None:
    """Delete what was queued for some keys between two times; what is left of them is due."""
    earliest = since.timestamp() if since else 0.0
    for key in keys:
        connection.execute(_PURGE, (key, earliest, before.timestamp()))
        connection.execute(_RELEASE_WAITING, (key,))


def count(connection: sqlite3.Connection) -> int:
    """How many messages there are."""
    return int(connection.execute("SELECT count(*) FROM queued").fetchone()[0])
