"""Documents of Firestore followed for a second or two, all of them over one stream.

Google's own watch (``on_snapshot``) keeps a stream and three threads for each document. A stream
of its own for each wait is no better: the emulator fails the commits of others while one ends.
"""

import logging
import queue
import threading
import time
from collections.abc import Generator
from itertools import count
from typing import Any, NamedTuple

from google.cloud.firestore_v1 import Client, DocumentReference
from google.cloud.firestore_v1._helpers import decode_dict
from google.cloud.firestore_v1.types import ListenRequest, ListenResponse, Target, TargetChange
from grpc import RpcError

from lib.errors import StoreError
from lib.storage.documents import Document

_log = logging.getLogger(__name__)
_REMOVED = TargetChange.TargetChangeType.REMOVE


class _Followed(NamedTuple):
    """A document in the stream: its versions as they come, None where they end too early."""

    versions: "queue.SimpleQueue[Document | None]"
    deadline: float


class Watch:
    """Follows documents for all threads of a process. The stream is opened at first use."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._stream: _Stream | None = None

    def follow(
        self, reference: DocumentReference, seconds: float
    ) -> Generator[Document, None, None]:
        """Begin to follow a document; give it as it is, if it is there, and after each change.

        It ends after so many seconds. Nothing is waited for before the first version is asked
        for, and who asks for none is forgotten.

        Raises:
            StoreError: the stream broke before the time was over; while it is read.
        """
        deadline = time.monotonic() + seconds
        with self._lock:
            if self._stream is None or self._stream.is_over:
                self._stream = _Stream(self._client)
            stream = self._stream
            number, followed = stream.add(reference, deadline)
        return self._versions(stream, number, followed)

    def _versions(
        self, stream: "_Stream", number: int, followed: _Followed
    ) -> Generator[Document, None, None]:
        try:
            while (left := followed.deadline - time.monotonic()) > 0:
                version = followed.versions.get(timeout=left)
                if version is None:
                    raise StoreError("Firestore: the stream broke")
                yield version
        except queue.Empty:
            return
        finally:
            with self._lock:
                stream.remove(number)


class _Stream:
    """One stream until it ends, for whatever reason; its methods are called under a lock."""

    def __init__(self, client: Client) -> None:
        self.is_over = False
        self._client = client
        self._numbers = count(1)
        self._followed: dict[int, _Followed] = {}
        self._requests: queue.SimpleQueue[ListenRequest | None] = queue.SimpleQueue()
        # What is private here is what Google's own watch uses. The client's public method would
        # return only when the first answer is there.
        self._call = client._firestore_api.transport.listen(  # noqa: SLF001 - as said
            iter(self._requests.get, None),
            metadata=client._rpc_metadata,  # noqa: SLF001 - as said
        )
        threading.Thread(target=self._read, name="watch", daemon=True).start()

    def add(self, reference: DocumentReference, deadline: float) -> tuple[int, _Followed]:
        """Follow one more document; return its number and what comes of it."""
        self._forget_late()
        number, followed = next(self._numbers), _Followed(queue.SimpleQueue(), deadline)
        self._followed[number] = followed
        named = Target.DocumentsTarget(documents=[reference._document_path])  # noqa: SLF001 - as above
        self._ask(add_target=Target(documents=named, target_id=number))
        if self.is_over:
            followed.versions.put(None)
        return number, followed

    def remove(self, number: int) -> None:
        """Follow a document no longer."""
        if self._followed.pop(number, None) is not None:
            self._ask(remove_target=number)

    def _forget_late(self) -> None:
        now = time.monotonic()
        for number in [n for n, one in self._followed.items() if one.deadline < now]:
            self.remove(number)

    def _ask(self, **what: Any) -> None:
        database = self._client._database_string  # noqa: SLF001 - as above
        self._requests.put(ListenRequest(database=database, **what))

    def _read(self) -> None:
        try:
            for answer in self._call:
                self._take(answer)
        except RpcError as error:
            # Whoever waits is told below, and the next one opens another stream.
            _log.debug("stream broke", extra={"reason": type(error).__name__})
        finally:
            self.is_over = True
            self._requests.put(None)
            for followed in list(self._followed.values()):
                followed.versions.put(None)

    def _take(self, answer: ListenResponse) -> None:
        if "document_change" in answer:
            change = answer.document_change
            version: Any = decode_dict(change.document.fields, self._client)
            self._tell(change.target_ids, version)
        elif "target_change" in answer and answer.target_change.target_change_type == _REMOVED:
            self._tell(answer.target_change.target_ids, None)

    def _tell(self, numbers: Any, version: Document | None) -> None:
        for number in numbers:
            followed = self._followed.get(number)
            if followed is not None:
                followed.versions.put(version)
