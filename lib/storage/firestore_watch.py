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

from google.cloud.firestore_v1 import types
from grpc import RpcError

from lib.errors import StoreError
from lib.storage.documents import Document
from lib.storage.firestore_calls import Calls
from lib.storage.firestore_values import document_of

_log = logging.getLogger(__name__)
_Request = types.ListenRequest.pb()
_REMOVED = int(types.TargetChange.TargetChangeType.REMOVE)


_Versions = queue.SimpleQueue[Document | None]
"""Versions of a document as they come, None where they end too early."""


class Watch:
    """Follows documents for all threads of a process. The stream is opened at first use."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._stream: _Stream | None = None

    def follow(self, name: str, seconds: float) -> Generator[Document, None, None]:
        """Give a document as it is, if it is there, and after each change, for so many seconds.

        Raises:
            StoreError: the stream broke before the time was over.
        """
        deadline = time.monotonic() + seconds
        with self._lock:
            if self._stream is None or self._stream.is_over:
                self._stream = _Stream(self._calls)
            stream = self._stream
            number, versions = stream.add(name)
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

    def __init__(self, calls: Calls) -> None:
        self.is_over = False
        self._database = calls.database
        self._numbers = count(1)
        self._followed: dict[int, _Versions] = {}
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._answers = calls.listen(iter(self._requests.get, None))
        threading.Thread(target=self._read, name="watch", daemon=True).start()

    def add(self, name: str) -> tuple[int, _Versions]:
        """Follow one more document; return its number and what comes of it."""
        number, versions = next(self._numbers), _Versions()
        self._followed[number] = versions
        request = _Request(database=self._database)
        request.add_target.target_id = number
        request.add_target.documents.documents.append(name)
        self._requests.put(request)
        if self.is_over:
            versions.put(None)
        return number, versions

    def remove(self, number: int) -> None:
        """Follow a document no longer."""
        if self._followed.pop(number, None) is not None:
            self._requests.put(_Request(database=self._database, remove_target=number))

    def _read(self) -> None:
        try:
            for answer in self._answers:
                self._take(answer)
        except RpcError as error:
            # Whoever waits is told below, and the next one opens another stream.
            _log.debug("stream broke", extra={"reason": type(error).__name__})
        finally:
            self.is_over = True
            self._requests.put(None)
            for versions in list(self._followed.values()):
                versions.put(None)

    def _take(self, answer: Any) -> None:
        if answer.HasField("document_change"):
            change = answer.document_change
            self._tell(change.target_ids, document_of(change.document.fields))
        elif answer.target_change.target_change_type == _REMOVED:
            self._tell(answer.target_change.target_ids, None)

    def _tell(self, numbers: Any, version: Document | None) -> None:
        for number in numbers:
            versions = self._followed.get(number)
            if versions is not None:
                versions.put(version)
