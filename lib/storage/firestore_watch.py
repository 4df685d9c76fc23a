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
from typing import Any

from google.cloud.firestore_v1 import Client, DocumentReference
from google.cloud.firestore_v1._helpers import decode_dict
from google.cloud.firestore_v1.types import ListenRequest, ListenResponse, Target, TargetChange
from grpc import RpcError

from lib.errors import StoreError
from lib.storage.documents import Document

_log = logging.getLogger(__name__)
_REMOVED = TargetChange.TargetChangeType.REMOVE


_Versions = queue.SimpleQueue[Document | None]
"""Versions of a document as they come, None where they end too early."""


class Watch:
    """Follows documents for all threads of a process. The stream is opened at first use."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._stream: _Stream | None = None

    def follow(
        self, reference: DocumentReference, seconds: float
    ) -> Generator[Document, None, None]:
        """Give a document as it is, if it is there, and after each change, for so many seconds.

        Raises:
            StoreError: the stream broke before the time was over.
        """
        deadline = time.monotonic() + seconds
        with self._lock:
            if self._stream is None or self._stream.is_over:
                self._stream = _Stream(self._client)
            stream = self._stream
            number, versions = stream.add(reference)
        try:
            while (left := deadline - time.monotonic()) > 0:
                version = versions.get(timeout=left)
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
        self._followed: dict[int, _Versions] = {}
        self._requests: queue.SimpleQueue[ListenRequest | None] = queue.SimpleQueue()
        # What is private here is what Google's own watch uses. The client's public method would
        # return only when the first answer is there.
        self._call = client._firestore_api.transport.listen(  # noqa: SLF001 - as said
            iter(self._requests.get, None),
            metadata=client._rpc_metadata,  # noqa: SLF001 - as said
        )
        threading.Thread(target=self._read, name="watch", daemon=True).start()

    def add(self, reference: DocumentReference) -> tuple[int, _Versions]:
        """Follow one more document; return its number and what comes of it."""
        number, versions = next(self._numbers), _Versions()
        self._followed[number] = versions
        named = Target.DocumentsTarget(documents=[reference._document_path])  # noqa: SLF001 - as above
        self._ask(add_target=Target(documents=named, target_id=number))
        if self.is_over:
            versions.put(None)
        return number, versions

    def remove(self, number: int) -> None:
        """Follow a document no longer."""
        if self._followed.pop(number, None) is not None:
            self._ask(remove_target=number)

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
            for versions in list(self._followed.values()):
                versions.put(None)

    def _take(self, answer: ListenResponse) -> None:
        if "document_change" in answer:
            change = answer.document_change
            version: Any = decode_dict(change.document.fields, self._client)
            self._tell(change.target_ids, version)
        elif "target_change" in answer and answer.target_change.target_change_type == _REMOVED:
            self._tell(answer.target_change.target_ids, None)

    def _tell(self, numbers: Any, version: Document | None) -> None:
        for number in numbers:
            versions = self._followed.get(number)
            if versions is not None:
                versions.put(version)
