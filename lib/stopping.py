"""Stopping work that somebody else is doing, wherever it waits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lib.errors import TurnTakenError


class StoppedError(TurnTakenError):
    """The person wants no answer any more: whatever this worker was about to say is void."""

    code = "stopped"


class Stop:
    """An order to stop, for all threads: asked about between two steps, or told to who waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self._given = False

    @property
    def given(self) -> bool:
        """Whether the order was given."""
        return self._given

    def give(self) -> None:
        """Give the order: every wait that is under way is ended, and none begins."""
        with self._lock:
            self._given = True
            ends = tuple(self._ends)
        for end in ends:
            end()

    def check(self) -> None:
        """Return if the work may go on.

        Raises:
            StoppedError: it is to stop.
        """
        if self._given:
            raise StoppedError("stopped by the person")

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block waits, let the order call ``end``, from another thread, to end the wait.

        Raises:
            StoppedError: the order was given already.
        """
        with self._lock:
            self.check()
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)
