"""The rows of the local queue's table."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    data BLOB NOT NULL,
    attributes TEXT NOT NULL,
    published_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL
)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS queue_by_key ON queue (key, number)"
# The first row of each key, if it is due: later rows of a key wait for it.
_DUE = """
SELECT number, key, data, attributes, published_at, attempts FROM queue AS row
WHERE due_at <= :now
  AND key NOT IN (SELECT value FROM json_each(:busy))
  AND NOT EXISTS (SELECT 1 FROM queue WHERE key = row.key AND number < row.number)
ORDER BY number LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A queued message about to be delivered for the ``attempt``-th time."""

    number: int
    key: str
    data: bytes
    attributes: Mapping[str, str]
    published_at: datetime
    attempt: int


def add(
    connection: sqlite3.Connection,
    key: str,
    data: bytes,
    attributes: Mapping[str, str],
    now: datetime,
) -> None:
    """Queue a message behind all others; committed on return."""
    create(connection)
    connection.execute(
        "INSERT INTO queue (key, data, attributes, published_at, due_at) VALUES (?, ?, ?, ?, ?)",
        (key, data, json.dumps(dict(attributes)), now.timestamp(), now.timestamp()),
    )


def due(
    connection: sqlite3.Connection, busy: Collection[str], now: datetime, most: int
) -> list[Row]:
    """The first message of every key that is due and not busy, at most ``most`` of them."""
    create(connection)
    values = {"now": now.timestamp(), "busy": json.dumps(list(busy)), "most": most}
    return [_row(*found) for found in connection.execute(_DUE, values).fetchall()]


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Delete a message that is dealt with."""
    connection.execute("DELETE FROM queue WHERE number = ?", (number,))


def postpone(connection: sqlite3.Connection, number: int, attempts: int, until: datetime) -> None:
    """Let a message, and with it all later ones of its key, wait."""
    connection.execute(
        "UPDATE queue SET attempts = ?, due_at = ? WHERE number = ?",
        (attempts, until.timestamp(), number),
    )


def count(connection: sqlite3.Connection) -> int:
    """How many messages there are."""
    create(connection)
    return int(connection.execute("SELECT count(*) FROM queue").fetchone()[0])


def create(connection: sqlite3.Connection) -> None:
    """Make the table unless it is there."""
    connection.execute(_SCHEMA)
    connection.execute(_INDEX)


def _row(
    number: int, key: str, data: bytes, attributes: str, published_at: float, attempts: int
) -> Row:
    published = datetime.fromtimestamp(published_at, UTC)
    return Row(number, key, data, json.loads(attributes), published, attempts + 1)
