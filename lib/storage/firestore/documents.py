"""The port of documents on Firestore.

No transactions: a lock held by a reader makes others wait for seconds. Every conditional write
names the version it was made from instead (decision 0006).
"""

from collections.abc import Generator, Iterable, Iterator
from typing import Any
from uuid import uuid4

from lib.ports.documents import Document, Equal, Key, Stored, Until, Write
from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.firestore import queries, writes
from lib.storage.firestore.connection import Connection, RefusedError, translated
from lib.storage.firestore.values import stored_of

WRITE_ID = "write_id"
"""The field that tells which conditional write a document comes from."""

BATCH = 500
"""Documents written in one request."""

_CHECKED = Key("whatsapp_turns", "check")


class FirestoreDocuments:
    """Implements the port of documents. Firestore is always ``durable``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist; see the port."""
        by_name = {self._name(key): key for key in keys}
        return {by_name[one.name]: stored_of(one) for one in self._connection.read(by_name)}

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
        durable: bool = False,  # noqa: ARG002 - always
    ) -> tuple[Stored | None, bool]:
        """Write a document of a revision, and others with it; see the port.

        A write whose answer got lost is tried again and then refused because of itself, so a
        refusal is checked against the mark that each write leaves.
        """
        marked = {**document, WRITE_ID: uuid4().hex}
        name = self._name(key)
        with translated():
            first = (
                writes.create(name, marked)
                if revision is None
                else writes.update(name, marked, revision)
            )
            beside = [
                (writes.change if one.is_known else writes.merge)(self._name(one.key), one.document)
                for one in others
            ]
        try:
            results = self._connection.commit([first, *beside])
        except RefusedError:
            stored = self.read([key]).get(key)
            ours = stored is not None and stored.document.get(WRITE_ID) == marked[WRITE_ID]
            return stored, ours
        return Stored(marked, results[0].update_time.ToJsonString()), True

    def replace(self, given: Iterable[Write], *, durable: bool = False) -> None:  # noqa: ARG002 - always
        """Create or replace whole documents, a batch at a time; see the port."""
        with translated():
            whole = [writes.replace(self._name(one.key), one.document) for one in given]
        for start in range(0, len(whole), BATCH):
            self._connection.commit(whole[start : start + BATCH])

    def delete(self, keys: Iterable[Key]) -> None:
        """Delete documents, a batch at a time; see the port."""
        with translated():
            gone = [writes.delete(self._name(key)) for key in keys]
        for start in range(0, len(gone), BATCH):
            self._connection.commit(gone[start : start + BATCH])

    def query(
        self, collection: str, where: Equal | Until | None = None, page: int = 100
    ) -> Iterator[tuple[Key, Stored]]:
        """Give documents of a collection; see the port."""
        with translated():
            query = queries.where(collection, where, page)
        while found := self._connection.query(query):
            yield from (self._found(collection, one) for one in found)
            if len(found) < page:
                return
            queries.go_on_after(found[-1], query)

    def newest(self, collection: str, field: str, most: int) -> list[tuple[Key, Stored]]:
        """Return the documents with the latest times in a field; see the port."""
        found = self._connection.query(queries.newest(collection, field, most))
        return [self._found(collection, one) for one in found]

    def increment(self, key: Key, field: str, others: Document, by: int = 1) -> int:
        """Add to a number; see the port."""
        with translated():
            write = writes.increment(self._name(key), field, others, by)
        (result,) = self._connection.commit([write])
        return int(result.transform_results[0].integer_value)

    def follow(self, key: Key, seconds: float) -> Generator[Stored, None, None]:
        """Follow a document; see the port. A stream that breaks meanwhile is opened anew."""
        return self._connection.follow(self._name(key), seconds)

    def check(self) -> None:
        """Return if Firestore answers a read."""
        self.read([_CHECKED])

    def _name(self, key: Key) -> str:
        return f"{self._connection.root}/{key.collection}/{to_document_id(key.id)}"

    def _found(self, collection: str, found: Any) -> tuple[Key, Stored]:
        document_id = from_document_id(found.name.rpartition("/")[2])
        return Key(collection, document_id), stored_of(found)
