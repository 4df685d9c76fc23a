"""Documents by collection and id: what the stores are written on."""

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol

Document = dict[str, Any]
"""Names of fields and their values: texts, numbers, flags, times, None, lists and maps of them."""


class Key(NamedTuple):
    """Where a document is. The id may be any text; in Firestore it is escaped where it must be."""

    collection: str
    id: str


class Stored(NamedTuple):
    """A document as it was read. ``revision`` is the database's own mark of that version."""

    document: Document
    revision: str


class Write(NamedTuple):
    """What is to be written of a document: fields that are not named stay as they are.

    ``is_known`` means that the document must exist, where that is looked at: see ``write_if``.
    """

    key: Key
    document: Document
    is_known: bool = False


class Equal(NamedTuple):
    """Documents whose field is this text."""

    field: str
    value: str


class Until(NamedTuple):
    """Documents whose field is this time or an earlier one."""

    field: str
    value: datetime


class Documents(Protocol):
    """A document database: Firestore, or one SQLite file. For all threads of a process.

    What was read or written by one call is so for every later call, whoever makes it. A field that
    is None may be kept as None or left out. What is stored and is no document at all is read as an
    empty one, passed over by queries, and logged once.

    ``durable`` says that somebody acts on the write next. Without it a power cut may take back the
    latest writes of a machine, never one from between; the end of a process takes back none.

    Raises:
        StoreError: the database did not do it in time; a write may have happened.
        DocumentError: an id that no document can have.
    """

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist, as of one moment, in one round trip."""

    def create(self, key: Key, document: Document) -> tuple[Stored | None, bool]:
        """Create a document unless it exists; return what is stored, and whether it is ours.

        Atomic: of any number of simultaneous calls exactly one gets True. None means that it was
        there and is no longer.
        """

    def write_if(
        self,
        key: Key,
        document: Document,
        revision: str | None,
        others: Iterable[Write] = (),
        *,
        durable: bool = False,
    ) -> tuple[Stored | None, bool]:
        """Write fields of a document that is of a revision, and the others, all or nothing.

        None as the revision means that the document must not exist. Of the others those that are
        known must exist; else they are written on no condition of their own, in their order.
        Returns what is stored in the document's place, and whether this call wrote it: then with
        what was written, and the new revision.
        """

    def replace(self, writes: Iterable[Write], *, durable: bool = False) -> None:
        """Create or replace whole documents. Many are written in several steps."""

    def delete(self, keys: Iterable[Key]) -> None:
        """Delete documents; nothing happens where there is none. Many go in several steps."""

    def query(
        self, collection: str, where: Equal | Until | None = None, page: int = 100
    ) -> Iterator[tuple[Key, Stored]]:
        """Give the documents of a collection, or those where something holds.

        By id; with ``Until`` the earliest first. One round trip brings ``page`` of them, the next
        ones are asked for when they are wanted.
        """

    def newest(self, collection: str, field: str, most: int) -> list[tuple[Key, Stored]]:
        """Return the documents with the latest times in a field, the latest first."""

    def increment(self, key: Key, field: str, others: Document, by: int = 1) -> int:
        """Add to a number, nought if there is none, write other fields, return the number.

        An answer that got lost may make it count twice.
        """

    def follow(self, key: Key, seconds: float) -> Generator[Stored, None, None]:
        """Give a document as it is, if it is there, and again after changes, for so many seconds.

        Of several changes at once the last is given. SQLite tells what its own process writes.

        Raises:
            StoreError: in the end nobody could tell how the document is.
        """

    def check(self) -> None:
        """Return if the database answers."""
