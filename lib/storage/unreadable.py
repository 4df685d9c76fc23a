"""Documents that cannot be read: passed over where many are, and told once each."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lib.errors import DocumentError
from lib.ports.documents import Key

LOOKED_AT = 10
"""Times as many as are wanted are looked at, so that some that cannot be read hide no others."""

# Kept in memory so that none is told twice; beyond it, some are.
_MOST = 10_000

F = TypeVar("F")
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Unreadable:
    """Of one store. Nothing of a document gets into the log but its collection and its id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: set[Key] = set()

    def passed_over(
        self, found: Iterable[tuple[Key, F]], read: Callable[[Key, F], T]
    ) -> Iterator[T]:
        """Give what is read of each document found, but for those that cannot be read."""
        for key, stored in found:
            try:
                yield read(key, stored)
            except DocumentError as error:
                self.tell(key, error)

    def tell(self, key: Key, error: DocumentError) -> None:
        """Log that a document cannot be read, the first time only."""
        with self._lock:
            if key in self._told:
                return
            if len(self._told) < _MOST:
                self._told.add(key)
        facts = {"collection": key.collection, "document": key.id, "code": error.code}
        _log.error("document skipped: it cannot be read", extra=facts)
