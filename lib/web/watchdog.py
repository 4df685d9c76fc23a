"""One thread that ends whatever takes too long."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchdog:
    """Calls what it was given when its time is over; one thread for all, and none before the first.

    What is watched stands in a dictionary that is looked through only when the earliest deadline
    of the last look has come: most of what is watched ends long before, and is forgotten at once.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: dict[object, tuple[float, Callable[[], None]]] = {}
        self._next_look = math.inf
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, end: Callable[[], None], seconds: float) -> Iterator[None]:
        """Call ``end``, which must not block, if the block runs for longer than that."""
        deadline, mark = time.monotonic() + max(0.0, seconds), object()
        with self._changed:
            self._watched[mark] = (deadline, end)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            if deadline < self._next_look:
                self._next_look = deadline
                self._changed.notify()
        try:
            yield
        finally:
            # Under the lock: once the block is left, nothing of it is ended any more.
            with self._changed:
                self._watched.pop(mark, None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                late = [mark for mark, (deadline, _) in self._watched.items() if deadline <= now]
                for mark in late:
                    self._watched.pop(mark)[1]()
                deadlines = (deadline for deadline, _ in self._watched.values())
                self._next_look = min(deadlines, default=math.inf)
                idle = math.isinf(self._next_look)
                self._changed.wait(None if idle else self._next_look - now)
