"""How many requests were refused since the process started, by reason."""

import threading
from collections import Counter


class Tally:
    """Counts for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, code: str) -> int:
        """Count one more of a kind; return how many there are."""
        with self._lock:
            self._counts[code] += 1
            return self._counts[code]

    def all(self) -> dict[str, int]:
        """Every kind with its number."""
        with self._lock:
            return dict(self._counts)
