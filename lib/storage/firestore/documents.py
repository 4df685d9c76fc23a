"""Firestore's documents as plain values, with one deadline for all tries of a request.

Nothing of Firestore's own texts gets into an error: they name documents, and so phone numbers.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from google.api_core.exceptions import (
    Aborted,
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    GoogleAPIError,
    InternalServerError,
    NotFound,
    ResourceExhausted,
    ServiceUnavailable,
)
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore_v1 import Client, DocumentSnapshot, FieldFilter, Query

from lib.errors import ShortageError, StoreError
from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.documents import Document, Key
from lib.storage.firestore import writes
from lib.storage.firestore.calls import Calls
from lib.storage.firestore.values import document_of
from lib.storage.firestore.watch import Watch

WRITE_ID = "write_id"
"""The field that tells which conditional write a document comes from."""

MOST_DOCUMENTS = 1000
"""Documents read of a collection; the rest is not seen."""

BATCH = 500
"""Documents written in one request."""

T = TypeVar("T")
# An aborted or unanswered write may have happened; see ``write``.
_PASSING = (
    Aborted,
    DeadlineExceeded,
    InternalServerError,
    ResourceExhausted,
    ServiceUnavailable,
)
_REFUSED = (AlreadyExists, FailedPrecondition, NotFound)
_ONCE = Retry(predicate=lambda _: False)
_LEAST_SECONDS = 0.01


class Stored(NamedTuple):
    """A document, and the mark of its version: its exact update time as text."""

    document: Document
    revision: str


class FirestoreDocuments:
    """One database. ``timeout`` is the seconds that a request may take with all its tries.

    Not to be made before a process forks: the connection would not survive it.
    """

    def __init__(self, project: str, database: str, timeout: float) -> None:
        self._timeout = timeout
        with _translated():
            self._client = Client(project=project, database=database)
            self._calls = Calls(self._client)
        self._watch = Watch(self._calls)

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist, in one request."""
        by_name = {self._name(key): key for key in keys}
        found = self._request(lambda timeout: self._calls.read(by_name, timeout))
        return {
            by_name[one.name]: Stored(document_of(one.fields), one.update_time.ToJsonString())
            for one in found
        }

    def all(self, collection: str) -> dict[str, Document]:
        """Return the documents of a collection by id, in one request."""
        query = self._client.collection(collection).limit(MOST_DOCUMENTS)
        snapshots = self._request(lambda timeout: query.get(retry=_ONCE, timeout=timeout))
        return {from_document_id(one.id): _stored(one).document for one in snapshots}

    def until(
        self, collection: str, field: str, latest: datetime, most: int
    ) -> Iterator[tuple[str, Stored]]:
        """Give documents whose time in a field is ``latest`` or earlier, the earliest first.

        One request brings ``most``; the next ones are asked for when they are wanted.
        """
        earlier = FieldFilter(field, "<=", latest)
        query = self._client.collection(collection).where(filter=earlier).order_by(field)
        query = query.limit(most)
        page = query
        while found := self._got(page):
            yield from ((from_document_id(one.id), _stored(one)) for one in found)
            if len(found) < most:
                return
            page = query.start_after(found[-1])

    def newest(self, collection: str, field: str, most: int) -> list[tuple[str, Stored]]:
        """Return the documents with the latest times in a field, the latest first."""
        query = self._client.collection(collection).order_by(field, direction=Query.DESCENDING)
        return self._found(query.limit(most))

    def increment(self, key: Key, field: str, others: Document) -> int:
        """Add one to a number, write other fields, and return the number.

        An answer that got lost may make it count twice.
        """
        with _translated():
            write = writes.increment(self._name(key), field, others)
        return int(self._commit([write])[0].transform_results[0].integer_value)

    def write(
        self,
        key: Key,
        document: Document,
        revision: str | None,
        others: Mapping[Key, Document] | None = None,
    ) -> tuple[Stored | None, bool]:
        """Write fields of a document on condition, and others without one, all or nothing.

        The condition is that the document is of the revision, or does not exist (None).
        Returns what is stored in its place, and whether this call wrote it. A write whose
        answer got lost is tried again and then refused because of itself, so a refusal is
        checked against the mark that each write leaves.
        """
        marked = {**document, WRITE_ID: uuid4().hex}
        name = self._name(key)
        with _translated():
            first = (
                writes.create(name, marked)
                if revision is None
                else writes.update(name, marked, revision)
            )
            beside = [writes.merge(self._name(k), one) for k, one in (others or {}).items()]
        try:
            results = self._commit([first, *beside])
        except _RefusedError:
            stored = self.read([key]).get(key)
            ours = stored is not None and stored.document.get(WRITE_ID) == marked[WRITE_ID]
            return stored, ours
        return Stored(marked, results[0].update_time.ToJsonString()), True

    def replace(self, documents: Mapping[Key, Document]) -> None:
        """Create or replace documents, a batch at a time."""
        keys = list(documents)
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            with _translated():
                whole = [writes.replace(self._name(key), documents[key]) for key in batch]
            self._commit(whole)

    def follow(self, key: Key, seconds: float) -> Generator[Document, None, None]:
        """Follow a document; see ``Watch.follow``."""
        return self._watch.follow(self._name(key), seconds)

    def _found(self, query: Query) -> list[tuple[str, Stored]]:
        return [(from_document_id(one.id), _stored(one)) for one in self._got(query)]

    def _got(self, query: Query) -> list[Any]:
        return self._request(lambda timeout: list(query.get(retry=_ONCE, timeout=timeout)))

    def _commit(self, batch: list[Any]) -> list[Any]:
        return self._request(lambda timeout: self._calls.commit(batch, timeout))

    def _name(self, key: Key) -> str:
        collection, document_id = key
        return f"{self._calls.database}/documents/{collection}/{to_document_id(document_id)}"

    def _request(self, send: Callable[[float], T]) -> T:
        deadline = time.monotonic() + self._timeout
        retry = Retry(if_exception_type(*_PASSING), initial=0.1, maximum=1, timeout=self._timeout)
        with _translated(), self._calls.attended():
            return retry(lambda: send(max(deadline - time.monotonic(), _LEAST_SECONDS)))()


class _RefusedError(StoreError):
    """A condition of a write does not hold."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ShortageError as error:
        raise StoreError(f"Firestore: {error}") from None
    except _REFUSED as error:
        raise _RefusedError(f"Firestore: {type(error).__name__}") from None
    except (GoogleAPIError, GoogleAuthError, ValueError) as error:
        cause = getattr(error, "cause", None) or error
        raise StoreError(f"Firestore: {type(cause).__name__}") from None


def _stored(snapshot: DocumentSnapshot[Any]) -> Stored:
    revision = snapshot.update_time.timestamp_pb().ToJsonString()
    return Stored(snapshot.to_dict() or {}, revision)
