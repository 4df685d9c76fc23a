"""Requests of Firestore, each with one deadline for all its tries, and errors of our own.

Nothing of Firestore's own texts gets into an error: they name documents, and so phone numbers.
"""

import random
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

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

from lib.errors import ShortageError, StoreError
from lib.storage.firestore.calls import Calls
from lib.storage.firestore.channel import Token
from lib.storage.firestore.watch import Watch

T = TypeVar("T")
# An aborted or unanswered write may have happened: a condition tells, see ``write_if``.
_PASSING = (
    Aborted,
    DeadlineExceeded,
    InternalServerError,
    ResourceExhausted,
    ServiceUnavailable,
)
_REFUSED = (AlreadyExists, FailedPrecondition, NotFound)
_LEAST_SECONDS = 0.01
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0


class RefusedError(StoreError):
    """A condition of a write does not hold."""


class Connection:
    """One database. ``timeout`` is the seconds that a request may take with all its tries.

    Not to be made before a process forks: it would not survive it. Names are documents' whole
    paths, messages those of the protocol.
    """

    def __init__(
        self, project: str, database: str, timeout: float, emulator: str, token: Token | None
    ) -> None:
        self._timeout = timeout
        with translated():
            self._calls = Calls(project, database, emulator, token)
        self._watch = Watch(self._calls)
        self.root = f"{self._calls.database}/documents"

    def read(self, names: Iterable[str]) -> list[Any]:
        """Return those of the documents that exist, in any order."""
        named = list(names)
        return self._request(lambda timeout: self._calls.read(named, timeout))

    def commit(self, writes: Iterable[Any]) -> list[Any]:
        """Make writes, all or none; return the result of each.

        Raises:
            RefusedError: a condition does not hold, or it was tried again after it was done.
        """
        batch = list(writes)
        return self._request(lambda timeout: self._calls.commit(batch, timeout))

    def query(self, query: Any) -> list[Any]:
        """Return the documents that a query finds, in its order."""
        return self._request(lambda timeout: self._calls.query(query, timeout))

    def follow(self, name: str, seconds: float) -> Generator[Any, None, None]:
        """Follow a document; see ``Watch.follow``."""
        return self._watch.follow(name, seconds)

    def _request(self, send: Callable[[float], T]) -> T:
        deadline = time.monotonic() + self._timeout
        pause = _FIRST_PAUSE
        with translated(), self._calls.attended():
            while True:
                try:
                    return send(max(deadline - time.monotonic(), _LEAST_SECONDS))
                except _PASSING:
                    # No secret: so that not all come again at once.
                    rest = random.uniform(0, pause)  # noqa: S311
                    if time.monotonic() + rest >= deadline:
                        raise
                time.sleep(rest)
                pause = min(2 * pause, _LONGEST_PAUSE)


@contextmanager
def translated() -> Iterator[None]:
    """Let what goes wrong in the block be an error of the store."""
    try:
        yield
    except ShortageError as error:
        raise StoreError(f"Firestore: {error}") from None
    except _REFUSED as error:
        raise RefusedError(f"Firestore: {type(error).__name__}") from None
    except (GoogleAPIError, ValueError) as error:
        raise StoreError(f"Firestore: {type(error).__name__}") from None
