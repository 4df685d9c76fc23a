"""How many requests were refused since the process started, by reason, and what is said of it."""

import threading
import time
from collections import Counter

_EXPLAIN_SECONDS = 10.0
_MOST_LINES = 20
_SECONDS_PER_LINE = 3.0


class RefusalCount:
    """Counts for all threads, and limits how often a refusal is logged: anybody can cause one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._explained = -_EXPLAIN_SECONDS
        self._lines, self._looked = float(_MOST_LINES), 0.0

    def count(self, code: str) -> int:
        """Count one more of a kind; return how many there are."""
        with self._lock:
            self._counts[code] += 1
            return self._counts[code]

    def all(self) -> dict[str, int]:
        """Every kind with its number."""
        with self._lock:
            return dict(self._counts)

    def may_explain(self) -> bool:
        """Whether a cause may be looked for now: that costs more than a refusal."""
        with self._lock:
            now = time.monotonic()
            due = now - self._explained >= _EXPLAIN_SECONDS
            self._explained = now if due else self._explained
            return due

    def may_tell(self) -> bool:
        """Whether one more line may be logged: the first ones, then one every few seconds."""
        with self._lock:
            now = time.monotonic()
            earned = (now - self._looked) / _SECONDS_PER_LINE
            self._lines = min(float(_MOST_LINES), self._lines + earned)
            self._looked = now
            allowed = self._lines >= 1
            self._lines -= allowed
            return allowed
