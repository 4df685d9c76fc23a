"""Firestore's documents as plain values: with the watch beside it, all that knows its client.

Every request has one deadline for all its tries. Nothing of Firestore's own texts gets into
an error: they name documents, and so phone numbers.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
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
from google.cloud.firestore_v1 import (
    Client,
    DocumentReference,
    DocumentSnapshot,
    FieldFilter,
    Increment,
    Query,
    WriteBatch,
)

from lib.errors import StoreError
from lib.storage.document_ids import from_document_id, to_document_id
from lib.storage.documents import Document, Key
from lib.storage.firestore_watch import Watch

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
            # Firestore's client makes these at first use, unguarded, whatever thread that is in.
            _ = self._client._firestore_api, self._client._rpc_metadata  # noqa: SLF001 - as said
        self._watch = Watch(self._client)

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return those of the documents that exist, in one request."""
        by_path = {self._reference(key).path: key for key in keys}
        references = [self._client.document(path) for path in by_path]
        snapshots = self._request(
            lambda timeout: list(self._client.get_all(references, retry=_ONCE, timeout=timeout))
        )
        return {by_path[one.reference.path]: _stored(one) for one in snapshots if one.exists}

    def all(self, collection: str) -> dict[str, Document]:
        """Return the documents of a collection by id, in one request."""
        query = self._client.collection(collection).limit(MOST_DOCUMENTS)
        snapshots = self._request(lambda timeout: query.get(retry=_ONCE, timeout=timeout))
        return {from_document_id(one.id): _stored(one).document for one in snapshots}

    def until(
        self, collection: str, field: str, latest: datetime, most: int
    ) -> list[tuple[str, Stored]]:
        """Return documents whose time in a field is ``latest`` or earlier, the earliest first."""
        earlier = FieldFilter(field, "<=", latest)
        query = self._client.collection(collection).where(filter=earlier).order_by(field)
        return self._found(query.limit(most))

    def newest(self, collection: str, field: str, most: int) -> list[tuple[str, Stored]]:
        """Return the documents with the latest times in a field, the latest first."""
        query = self._client.collection(collection).order_by(field, direction=Query.DESCENDING)
        return self._found(query.limit(most))

    def increment(self, key: Key, field: str, others: Document) -> int:
        """Add one to a number, write other fields, and return the number.

        An answer that got lost may make it count twice.
        """
        batch = self._client.batch()
        with _translated():
            batch.set(self._reference(key), {**others, field: Increment(1)}, merge=True)
        return int(self._commit(batch)[0].transform_results[0].integer_value)

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
        batch = self._conditional(key, marked, revision, others or {})
        try:
            results = self._commit(batch)
        except _RefusedError:
            stored = self.read([key]).get(key)
            ours = stored is not None and stored.document.get(WRITE_ID) == marked[WRITE_ID]
            return stored, ours
        return Stored(marked, results[0].update_time.rfc3339()), True

    def replace(self, documents: Mapping[Key, Document]) -> None:
        """Create or replace documents, a batch at a time."""
        keys = list(documents)
        for start in range(0, len(keys), BATCH):
            batch = self._client.batch()
            with _translated():
                for key in keys[start : start + BATCH]:
                    batch.set(self._reference(key), documents[key])
            self._commit(batch)

    def follow(self, key: Key, seconds: float) -> Generator[Document, None, None]:
        """Follow a document; see ``Watch.follow``."""
        return self._watch.follow(self._reference(key), seconds)

    def _found(self, query: Query) -> list[tuple[str, Stored]]:
        snapshots = self._request(lambda timeout: query.get(retry=_ONCE, timeout=timeout))
        return [(from_document_id(one.id), _stored(one)) for one in snapshots]

    def _conditional(
        self, key: Key, document: Document, revision: str | None, others: Mapping[Key, Document]
    ) -> WriteBatch:
        batch = self._client.batch()
        with _translated():
            if revision is None:
                batch.create(self._reference(key), document)
            else:
                seen = DatetimeWithNanoseconds.from_rfc3339(revision)  # type: ignore[no-untyped-call] # theirs
                option = self._client.write_option(last_update_time=seen.timestamp_pb())
                batch.update(self._reference(key), document, option)
            for other, fields in others.items():
                batch.set(self._reference(other), fields, merge=list(fields))
        return batch

    def _commit(self, batch: WriteBatch) -> list[Any]:
        return self._request(lambda timeout: batch.commit(_ONCE, timeout))

    def _reference(self, key: Key) -> DocumentReference:
        collection, document_id = key
        return self._client.collection(collection).document(to_document_id(document_id))

    def _request(self, send: Callable[[float], T]) -> T:
        deadline = time.monotonic() + self._timeout
        retry = Retry(if_exception_type(*_PASSING), initial=0.1, maximum=1, timeout=self._timeout)
        with _translated():
            return retry(lambda: send(max(deadline - time.monotonic(), _LEAST_SECONDS)))()


class _RefusedError(StoreError):
    """A condition of a write does not hold."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _REFUSED as error:
        raise _RefusedError(f"Firestore: {type(error).__name__}") from None
    except (GoogleAPIError, GoogleAuthError, ValueError) as error:
        cause = getattr(error, "cause", None) or error
        raise StoreError(f"Firestore: {type(cause).__name__}") from None


def _stored(snapshot: DocumentSnapshot[Any]) -> Stored:
    return Stored(snapshot.to_dict() or {}, snapshot.update_time.rfc3339())
