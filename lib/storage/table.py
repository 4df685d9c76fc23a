"""Documents in a table of SQLite, by collection and id, each with a revision."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.documents import Document

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL,
    expire_at REAL,
    PRIMARY KEY (collection, id)
) WITHOUT ROWID
"""
_INDEX = """
CREATE INDEX IF NOT EXISTS documents_by_expiry ON documents (expire_at)
WHERE expire_at IS NOT NULL
"""
_WRITE = """
INSERT INTO documents (collection, id, body, revision, expire_at) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (collection, id) DO UPDATE SET
    body = excluded.body, revision = revision + 1, expire_at = excluded.expire_at
RETURNING revision
"""
_TIME = "$time"


class Table:
    """The documents as one transaction sees them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read(self, collection: str, document_id: str) -> tuple[Document, int] | None:
        """Return a document and its revision, or None."""
        row = self._connection.execute(
            "SELECT body, revision FROM documents WHERE collection = ? AND id = ?",
            (collection, to_document_id(document_id)),
        ).fetchone()
        return (_decode(row[0]), row[1]) if row else None

    def write(self, collection: str, document_id: str, document: Document) -> int:
        """Create or replace a document; return its new revision."""
        expiry = document.get("expire_at")
        values = (
            collection,
            to_document_id(document_id),
            json.dumps(document, default=_encode_time),
            expiry.timestamp() if isinstance(expiry, datetime) else None,
        )
        return int(self._connection.execute(_WRITE, values).fetchone()[0])

    def merge(self, collection: str, document_id: str, document: Document) -> int:
        """Create a document, or replace these fields of it; return its new revision."""
        found = self.read(collection, document_id)
        return self.write(collection, document_id, {**(found[0] if found else {}), **document})

    def all(self, collection: str) -> list[tuple[str, Document]]:
        """Return every document of a collection with its id."""
        rows = self._connection.execute(
            "SELECT id, body FROM documents WHERE collection = ? ORDER BY id", (collection,)
        )
        return [(from_document_id(row[0]), _decode(row[1])) for row in rows]

    def delete_expired(self, now: datetime) -> int:
        """Delete what expired; return how many documents that were."""
        return self._connection.execute(
            "DELETE FROM documents WHERE expire_at <= ?", (now.timestamp(),)
        ).rowcount


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[Table]:
    """Give the table for one transaction: committed with the block, or rolled back.

    It is a writing one from its start, so that two never read the same and then both write.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_SCHEMA)
        connection.execute(_INDEX)
        yield Table(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _encode_time(value: Any) -> dict[str, str]:
    if not isinstance(value, datetime):
        raise TypeError(f"no document holds a {type(value).__name__}")
    return {_TIME: value.isoformat()}


def _decode(body: str) -> Document:
    document: Document = json.loads(body, object_hook=_decode_time)
    return document


def _decode_time(document: dict[str, Any]) -> Any:
    return datetime.fromisoformat(document[_TIME]) if document.keys() == {_TIME} else document
