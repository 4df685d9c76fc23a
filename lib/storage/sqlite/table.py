"""Documents in a table of SQLite, by collection and id, each with a revision."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from lib.errors import DocumentError
from lib.storage import documents
from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.documents import Document, Key
from lib.storage.encoding import decoded, encoded
from lib.storage.sqlite.database import Statement
from lib.storage.unreadable import Unreadable

SHARED = (documents.SESSIONS, documents.CONTACTS, documents.DELIVERIES)
"""Collections whose documents hold fields that are somebody else's to write.

A field with nothing in it is taken out of them (RFC 7396, "JSON Merge Patch"), and read as such.
"""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL,
    expire_at REAL,
    overdue_at REAL,
    PRIMARY KEY (collection, id)
)
"""
# In a table WITHOUT ROWID, as files had it at first, a document of more than a kilobyte takes
# pages of its own: twice the work of a write, and of the space.
_IS_OLD = """
SELECT 1 FROM sqlite_schema WHERE name = 'documents' AND sql LIKE '%WITHOUT ROWID%'
"""
_HAS_COLUMN = "SELECT 1 FROM pragma_table_info('documents') WHERE name = 'overdue_at'"
_ADD_COLUMN = "ALTER TABLE documents ADD COLUMN overdue_at REAL"
_COPY = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
SELECT collection, id, body, revision, expire_at, overdue_at FROM old_documents
"""
_INDEXES = (
    """
    CREATE INDEX IF NOT EXISTS documents_by_expiry ON documents (expire_at)
    WHERE expire_at IS NOT NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS documents_overdue ON documents (collection, overdue_at)
    WHERE overdue_at IS NOT NULL
    """,
)
_WRITE = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
VALUES (?, ?, ?, 1, ?, ?)
ON CONFLICT (collection, id) DO UPDATE SET
    body = excluded.body, revision = revision + 1,
    expire_at = excluded.expire_at, overdue_at = excluded.overdue_at
"""
_CREATE = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
VALUES (?, ?, ?, 1, ?, ?)
ON CONFLICT (collection, id) DO NOTHING
RETURNING revision
"""
# All or nothing in one statement, since other threads of the process come between two. The
# condition is looked at once, before anything is written.
_REPLACE = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
SELECT column1, column2, column3, 1, column4, column5 FROM (VALUES {rows})
WHERE EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ? AND revision = ?)
ON CONFLICT (collection, id) DO UPDATE SET
    body = CASE WHEN collection IN ({shared}) AND json_valid(body)
        THEN json_patch(body, excluded.body) ELSE excluded.body END,
    revision = revision + 1, expire_at = excluded.expire_at, overdue_at = excluded.overdue_at
RETURNING collection, revision
"""
_READ = "SELECT collection, id, body FROM documents WHERE collection = ? AND id = ?"
_DUE = """
SELECT id, body, revision FROM documents WHERE collection = ? AND overdue_at <= ?
ORDER BY overdue_at
"""


def creation(key: Key, document: Document) -> Statement:
    """The statement that creates a document and gives its revision; nothing if there is one."""
    return _CREATE, _row(key, document)


def replacement(
    key: Key, document: Document, revision: str, others: Mapping[Key, Document]
) -> Statement:
    """The statement that replaces a document of this revision, and writes the others with it.

    It gives collection and revision of all that was written; nothing if the document has another
    revision. ``SHARED`` documents keep the fields that are not named.
    """
    rows = [_row(key, document), *map(_row, others, others.values())]
    collection, document_id = key
    condition = (collection, to_document_id(document_id), revision)
    return _replace(len(rows)), (*chain.from_iterable(rows), *condition)


class Table:
    """The documents as one transaction sees them; ``unreadable`` is told of those that are none."""

    def __init__(
        self, connection: sqlite3.Connection, unreadable: Unreadable | None = None
    ) -> None:
        self._connection = connection
        self._unreadable = unreadable or Unreadable()

    def read(self, collection: str, document_id: str) -> tuple[Document, int] | None:
        """Return a document and its revision, or None.

        Raises:
            DocumentError: what is there cannot be read.
        """
        row = self._connection.execute(
            "SELECT body, revision FROM documents WHERE collection = ? AND id = ?",
            (collection, to_document_id(document_id)),
        ).fetchone()
        return (decoded(row[0]), row[1]) if row else None

    def write(self, collection: str, document_id: str, document: Document) -> None:
        """Create or replace a document."""
        self._connection.execute(_WRITE, _row((collection, document_id), document))

    def read_all(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """Return those of the documents that exist, all as of the same moment.

        One that cannot be read is an empty one.
        """
        known = {(collection, to_document_id(one)): (collection, one) for collection, one in keys}
        if not known:
            return {}
        rows = self._connection.execute(_lookup(len(known)), [*chain.from_iterable(known)])
        return {known[row[0], row[1]]: self._read(known[row[0], row[1]], row[2]) for row in rows}

    def all(self, collection: str) -> list[tuple[str, Document]]:
        """Return every document of a collection that can be read, with its id."""
        rows = self._connection.execute(
            "SELECT id, body FROM documents WHERE collection = ? ORDER BY id", (collection,)
        )
        found = ((from_document_id(row[0]), row[1]) for row in rows)
        return list(
            self._unreadable.passed_over(collection, found, lambda key, body: (key, decoded(body)))
        )

    def due(self, collection: str, now: datetime) -> Iterator[tuple[str, tuple[Document, str]]]:
        """Give documents that are overdue with id and revision, oldest first, as far as wanted."""
        rows = self._connection.execute(_DUE, (collection, now.timestamp()))
        found = ((from_document_id(row[0]), row[1:]) for row in rows)
        return self._unreadable.passed_over(
            collection, found, lambda key, row: (key, (decoded(row[0]), str(row[1])))
        )

    def _read(self, key: Key, body: Any) -> Document:
        try:
            return decoded(body)
        except DocumentError as error:
            self._unreadable.tell(*key, error)
            return {}

    def end_at(self, collection: str, expiry: datetime | None) -> None:
        """Let documents of a collection that have no end expire then; None changes nothing."""
        if expiry is not None:
            self._connection.execute(
                "UPDATE documents SET expire_at = ? WHERE collection = ? AND expire_at IS NULL",
                (expiry.timestamp(), collection),
            )

    def delete_expired(self, now: datetime) -> int:
        """Delete what expired; return how many documents that were."""
        return self._connection.execute(
            "DELETE FROM documents WHERE expire_at <= ?", (now.timestamp(),)
        ).rowcount


def create(connection: sqlite3.Connection) -> None:
    """Make the table and its indexes unless they are there."""
    if connection.execute(_IS_OLD).fetchone():
        _rebuild(connection)
    connection.execute(_SCHEMA)
    for index in _INDEXES:
        connection.execute(index)


def _rebuild(connection: sqlite3.Connection) -> None:
    if not connection.execute(_HAS_COLUMN).fetchone():
        connection.execute(_ADD_COLUMN)
    connection.execute("ALTER TABLE documents RENAME TO old_documents")
    connection.execute(_SCHEMA)
    connection.execute(_COPY)
    connection.execute("DROP TABLE old_documents")


@cache
def _replace(count: int) -> str:
    shared = ", ".join(f"'{collection}'" for collection in SHARED)
    return _REPLACE.format(rows=", ".join(["(?, ?, ?, ?, ?)"] * count), shared=shared)


@cache
def _lookup(count: int) -> str:
    # Each key is looked up by itself: a list of pairs after IN would have the table scanned.
    return " UNION ALL ".join([_READ] * count)


def _row(key: Key, document: Document) -> tuple[object, ...]:
    collection, document_id = key
    return collection, to_document_id(document_id), *_columns(document)


def _columns(document: Document) -> tuple[str, float | None, float | None]:
    expiry, overdue = document.get("expire_at"), document.get("overdue_at")
    return encoded(document), _seconds(expiry), _seconds(overdue)


def _seconds(time: Any) -> float | None:
    return time.timestamp() if isinstance(time, datetime) else None
