"""Documents of Firestore followed for a second or two, all of them over one stream.

Google's own watch (``on_snapshot``) keeps a stream and three threads for each document. A stream
of its own for each wait is no better: the emulator fails the commits of others while one ends.
"""

import logging
import queue
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import count
from typing import Any

from google.api_core.exceptions import Cancelled, GoogleAPIError

from lib.errors import ShortageError, StoreError
from lib.ports.documents import Stored
from lib.shortage import start_thread
from lib.storage.firestore.calls import Calls
from lib.storage.firestore.messages import message
from lib.storage.firestore.values import stored_of

# Seconds between a stream that broke and the next one, for all who wait. They are doubled each
# time, up to the longest, and are the first again after a stream that lasted for longer than that.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0

_log = logging.getLogger(__name__)
_Request = message("ListenRequest")
_Change = message("TargetChange")
_CURRENT: int = _Change.CURRENT
_REMOVED: int = _Change.REMOVE


class _Followed:
    """A document: its versions as they come, and whether the open stream has told its present one.

    That it is not there is told without a version.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.versions: queue.SimpleQueue[Stored] = queue.SimpleQueue()
        self.is_current = False


class Watch:
    """Follows documents for all threads of a process. The stream is opened at first use."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._followed: dict[int, _Followed] = {}
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def follow(self, name: str, seconds: float) -> Generator[Stored, None, None]:
        """Give a document as it is, if it is there, and after each change, for so many seconds.

        A stream that breaks meanwhile is opened anew, and tells again how the document is.

        Raises:
            StoreError: in the end the stream was broken, or had not told how the document is;
                or there is no thread to follow it with.
        """
        deadline = time.monotonic() + seconds
        followed = _Followed(name)
        number = self._add(followed)
        try:
            while (left := deadline - time.monotonic()) > 0:
                yield followed.versions.get(timeout=left)
        except queue.Empty:
            pass
        finally:
            self._remove(number)
        if not followed.is_current:
            raise StoreError("Firestore: the stream broke")

    def _add(self, followed: _Followed) -> int:
        with self._lock:
            number = next(self._numbers)
            self._followed[number] = followed
            if self._thread is not None and self._thread.is_alive():
                self._requests.put(self._request_for(number))
                return number
            try:
                self._thread = start_thread(self._run, "watch")
            except ShortageError:
                del self._followed[number]
                raise StoreError("Firestore: no thread to follow it with") from None
        return number

    def _remove(self, number: int) -> None:
        with self._lock:
            del self._followed[number]
            self._requests.put(_Request(database=self._calls.database, remove_target=number))

    def _request_for(self, number: int) -> Any:
        request = _Request(database=self._calls.database)
        request.add_target.target_id = number
        request.add_target.documents.documents.append(self._followed[number].name)
        return request

    def _run(self) -> None:
        """Keep a stream open until one breaks while nothing is followed."""
        pause = _FIRST_PAUSE
        while requests := self._begin():
            began = time.monotonic()
            self._read(requests)
            if time.monotonic() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _begin(self) -> Iterator[Any] | None:
        """Return the requests of a stream to open, which follows what is followed now."""
        with self._lock:
            if not self._followed:
                self._thread = None
                return None
            self._requests = queue.SimpleQueue()
            for number in self._followed:
                self._requests.put(self._request_for(number))
            return iter(self._requests.get, None)

    def _read(self, requests: Iterator[Any]) -> None:
        try:
            with closing(self._calls.listen(requests)) as answers:
                for answer in answers:
                    self._take(answer)
        except (GoogleAPIError, ShortageError) as error:
            _log.info("stream broke", extra={"reason": type(error).__name__})
        except Exception:  # noqa: BLE001 - whatever it is, others wait for the next stream
            _log.exception("stream broke")
        finally:
            with self._lock:
                self._requests.put(None)
                for followed in self._followed.values():
                    followed.is_current = False

    def _take(self, answer: Any) -> None:
        if answer.HasField("document_change"):
            change = answer.document_change
            version = stored_of(change.document)
            for followed in self._named(change.target_ids):
                followed.versions.put(version)
            return
        change = answer.target_change
        for followed in self._named(change.target_ids):
            if change.target_change_type == _REMOVED:  # and not by us, or it would not be followed
                raise Cancelled("Firestore follows it no longer")  # type: ignore[no-untyped-call] # theirs
            if change.target_change_type == _CURRENT:
                followed.is_current = True

    def _named(self, numbers: Iterable[int]) -> list[_Followed]:
        with self._lock:
            return [self._followed[number] for number in numbers if number in self._followed]
