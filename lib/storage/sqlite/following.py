"""Changes of documents told to who waits for them in the same process."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lib.ports.documents import Key


class Followers:
    """Who follows which document. Nothing is left of those that have stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed: defaultdict[Key, list[threading.Event]] = defaultdict(list)

    @contextmanager
    def following(self, key: Key) -> Iterator[threading.Event]:
        """Give what is set whenever the document is written."""
        changed = threading.Event()
        with self._lock:
            self._changed[key].append(changed)
        try:
            yield changed
        finally:
            with self._lock:
                self._changed[key].remove(changed)
                if not self._changed[key]:
                    del self._changed[key]

    def tell(self, keys: Iterable[Key]) -> None:
        """Tell that documents were written."""
        if not self._changed:
            return  # whoever begins to follow now reads what was written
        with self._lock:
            for key in self._changed.keys() & set(keys):
                for changed in self._changed[key]:
                    changed.set()
