"""Documents in a table of SQLite, by collection and id, each with a revision."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from lib.errors import DocumentError
from lib.ports.documents import Document, Equal, Key, Stored, Until, Write
from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.encoding import decoded
from lib.storage.sqlite import statements
from lib.storage.unreadable import Unreadable

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
        key = collection, to_document_id(document_id)
        found = self._connection.execute(*statements.lookup([key])).fetchone()
        return (decoded(found[2]), found[3]) if found else None

    def read_all(self, keys: Sequence[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist; one that cannot be read is an empty one."""
        known = {(key.collection, to_document_id(key.id)): key for key in keys}
        if not known:
            return {}
        found = {}
        for collection, document_id, body, revision in self._connection.execute(
            *statements.lookup(list(known))
        ):
            key = known[collection, document_id]
            found[key] = Stored(self._document(key, body), str(revision))
        return found

    def page(
        self, collection: str, where: Equal | Until | None, most: int, after: tuple[Any, ...] = ()
    ) -> tuple[list[tuple[Key, Stored]], tuple[Any, ...]]:
        """Return documents that are found, and behind what to go on; nothing behind the last.

        Those that cannot be read are passed over.
        """
        rows = self._connection.execute(
            *statements.query(collection, where, most, after)
        ).fetchall()
        last = (rows[-1][3], rows[-1][0]) if len(rows) == most else ()
        return list(self._readable(collection, rows)), last

    def newest(self, collection: str, field: str, most: int) -> list[tuple[Key, Stored]]:
        """Return the documents with the latest times in a field, the latest first."""
        rows = self._connection.execute(*statements.newest(collection, field, most))
        return [one for one in self._readable(collection, rows) if field in one[1].document]

    def all(self, collection: str) -> list[tuple[str, Document]]:
        """Return every document of a collection that can be read, with its id."""
        found, _ = self.page(collection, None, -1)
        return [(key.id, stored.document) for key, stored in found]

    def write(self, collection: str, document_id: str, document: Document) -> None:
        """Create or replace a document."""
        write = Write(Key(collection, document_id), document)
        self._connection.execute(*statements.replacement(write))

    def delete(self, key: Key) -> None:
        """Delete a document, if there is one."""
        self._connection.execute(
            "DELETE FROM documents WHERE collection = ? AND id = ?",
            (key.collection, to_document_id(key.id)),
        )

    def end_at(self, collection: str, expiry: datetime) -> None:
        """Let documents of a collection that have no end expire then."""
        self._connection.execute(
            "UPDATE documents SET expire_at = ? WHERE collection = ? AND expire_at IS NULL",
            (expiry.timestamp(), collection),
        )

    def delete_expired(self, now: datetime) -> int:
        """Delete what expired; return how many documents that were."""
        return self._connection.execute(
            "DELETE FROM documents WHERE expire_at <= ?", (now.timestamp(),)
        ).rowcount

    def _readable(self, collection: str, rows: Any) -> Iterator[tuple[Key, Stored]]:
        found = ((Key(collection, from_document_id(one[0])), one) for one in rows)
        return self._unreadable.passed_over(
            found, lambda key, one: (key, Stored(decoded(one[1]), str(one[2])))
        )

    def _document(self, key: Key, body: Any) -> Document:
        try:
            return decoded(body)
        except DocumentError as error:
            self._unreadable.tell(key, error)
            return {}


def create(connection: sqlite3.Connection) -> None:
    """Make the table and its indexes unless they are there."""
    if connection.execute(_IS_OLD).fetchone():
        _rebuild(connection)
    connection.execute(_SCHEMA)
    for index in (*_INDEXES, *statements.indexes()):
        connection.execute(index)


def _rebuild(connection: sqlite3.Connection) -> None:
    if not connection.execute(_HAS_COLUMN).fetchone():
        connection.execute(_ADD_COLUMN)
    connection.execute("ALTER TABLE documents RENAME TO old_documents")
    connection.execute(_SCHEMA)
    connection.execute(_COPY)
    connection.execute("DROP TABLE old_documents")
