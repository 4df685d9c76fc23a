"""The port of documents on one SQLite file."""

import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lib.errors import StoreError
from lib.ports.documents import Document, Equal, Key, Stored, Until, Write
from lib.storage.sqlite import statements
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.following import Followers
from lib.storage.sqlite.table import Table
from lib.storage.unreadable import Unreadable

_NOTHING: Mapping[str, Mapping[str, Document]] = {}


class SqliteDocuments:
    """Implements the port of documents, on a database prepared with ``table.create``.

    ``given`` are collections that an operator wrote, by id. What the file has of their documents
    is in front of that, field by field; a query gives those that were written alone.
    """

    def __init__(
        self, database: Database, given: Mapping[str, Mapping[str, Document]] = _NOTHING
    ) -> None:
        self._database = database
        self._given = given
        self._unreadable = Unreadable()
        self._followers = Followers()

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist; see the port."""
        wanted = list(keys)
        with self._reading() as table:
            found = table.read_all(wanted)
        for key in wanted:
            given = self._given.get(key.collection, {}).get(key.id)
            if given is not None:
                found[key] = _in_front(found.get(key), given)
        return found

    def create(self, key: Key, document: Document) -> tuple[Stored | None, bool]:
        """Create a document unless it exists; see the port."""
        return self.write_if(key, document, None)

    def write_if(
        self,
        key: Key,
        document: Document,
        revision: str | None,
        others: Iterable[Write] = (),
        *,
        durable: bool = False,
    ) -> tuple[Stored | None, bool]:
        """Write a document of a revision, and others with it; see the port."""
        beside = list(others)
        statement = statements.write_if(Write(key, document), revision, beside)
        with self._translated():
            written = self._database.execute(statement, durable=durable)
        if not written:
            return self.read([key]).get(key), False
        self._followers.tell([key, *(one.key for one in beside)])
        return Stored(document, statements.next_revision(revision)), True

    def replace(self, writes: Iterable[Write], *, durable: bool = False) -> None:
        """Create or replace whole documents; see the port."""
        whole = list(writes)
        with self._writing(durable=durable) as table:
            for one in whole:
                table.write(*one.key, one.document)
        self._followers.tell(one.key for one in whole)

    def delete(self, keys: Iterable[Key]) -> None:
        """Delete documents; see the port."""
        gone = list(keys)
        with self._writing() as table:
            for key in gone:
                table.delete(key)

    def query(
        self, collection: str, where: Equal | Until | None = None, page: int = 100
    ) -> Iterator[tuple[Key, Stored]]:
        """Give documents of a collection; see the port."""
        if collection in self._given:
            for document_id, document in self._given[collection].items():
                yield Key(collection, document_id), Stored(document, "")
            return
        after: tuple[Any, ...] = ()
        while True:
            with self._reading() as table:
                found, after = table.page(collection, where, page, after)
            yield from found
            if not after:
                return

    def newest(self, collection: str, field: str, most: int) -> list[tuple[Key, Stored]]:
        """Return the documents with the latest times in a field; see the port."""
        with self._reading() as table:
            return table.newest(collection, field, most)

    def increment(self, key: Key, field: str, others: Document, by: int = 1) -> int:
        """Add to a number; see the port."""
        with self._writing() as table:
            stored = table.read_all([key]).get(key)
            known = stored.document if stored else {}
            counted = known.get(field)
            value = (counted if isinstance(counted, int) else 0) + by
            table.write(*key, {**known, **others, field: value})
        self._followers.tell([key])
        return value

    def follow(self, key: Key, seconds: float) -> Generator[Stored, None, None]:
        """Follow a document; see the port."""
        deadline = time.monotonic() + seconds
        revision = None
        with self._followers.following(key) as changed:
            while True:
                changed.clear()  # before it is read: a change from here on is seen by the next
                stored = self.read([key]).get(key)
                if stored is not None and stored.revision != revision:
                    revision = stored.revision
                    yield stored
                if not changed.wait(deadline - time.monotonic()):
                    return

    def check(self) -> None:
        """Return if the file can be read and written."""
        with self._writing():
            pass

    def sweep(self, now: datetime, ends: Mapping[str, datetime]) -> int:
        """Delete what has expired; return how many documents that were.

        What has no end, in the collections of ``ends``, is given the one there at first.
        """
        with self._writing() as table:
            for collection, end in ends.items():
                table.end_at(collection, end)
            return table.delete_expired(now)

    @contextmanager
    def _writing(self, *, durable: bool = False) -> Iterator[Table]:
        with self._translated(), self._database.transaction(durable=durable) as connection:
            yield Table(connection, self._unreadable)

    @contextmanager
    def _reading(self) -> Iterator[Table]:
        with self._translated(), self._database.reading() as connection:
            yield Table(connection, self._unreadable)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the database failed: {self._database.explain(error)}") from error


def _in_front(stored: Stored | None, given: Document) -> Stored:
    """A document that an operator wrote, with what was written to it since."""
    if stored is None:
        return Stored(given, "")
    news = {name: value for name, value in stored.document.items() if value is not None}
    return Stored({**given, **news}, stored.revision)
