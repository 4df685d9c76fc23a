"""The threads that push messages: as many as are in hand, if the system gives them."""

import logging
import time
from collections.abc import Callable, Sequence
from enum import Enum
from queue import SimpleQueue

from lib.errors import ShortageError
from lib.queue.row import Row
from lib.shortage import start_thread

# How soon it is tried again whether the system has a thread to give.
_SHORTAGE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a message that was taken; RETURNED: nobody was there to push it."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    RETURNED = "returned"


Done = Callable[[Row, Outcome], None]
"""Told once of each message what became of it, from any thread."""


class Workers:
    """Threads with one message each. ``push`` returns whether it was acknowledged.

    All but ``push`` and ``done`` are for one thread, which keeps the books.
    """

    def __init__(self, push: Callable[[Row], bool], done: Done) -> None:
        self._push = push
        self._done = done
        self._handed_out: SimpleQueue[Row | None] = SimpleQueue()
        self._threads = 0
        self._short_until = 0.0

    def limit(self, room: int, busy: int) -> int:
        """Return how much of the room there are threads for, beside those that are busy."""
        is_short = time.monotonic() < self._short_until
        return min(room, max(self._threads - busy, 0)) if is_short else room

    def hand_out(self, rows: Sequence[Row], busy: int) -> None:
        """Give each message to a thread beside the busy ones; return those there is none for.

        Never raises: whoever took them from the table has written it down by now.
        """
        for number, row in enumerate(rows, busy + 1):
            if self._has(number):
                self._handed_out.put(row)
            else:
                self._done(row, Outcome.RETURNED)

    def end(self) -> None:
        """Let each thread end when it is free."""
        for _ in range(self._threads):
            self._handed_out.put(None)

    def _has(self, wanted: int) -> bool:
        while self._threads < wanted and time.monotonic() >= self._short_until:
            try:
                start_thread(self._work, f"queue-{self._threads}")
            except ShortageError:
                facts = {"threads": self._threads}
                _log.error("no more threads: fewer messages are worked on at once", extra=facts)
                self._short_until = time.monotonic() + _SHORTAGE_SECONDS
            else:
                self._threads += 1
        return self._threads >= wanted

    def _work(self) -> None:
        while (row := self._handed_out.get()) is not None:
            outcome = Outcome.REFUSED
            try:
                if self._push(row):
                    outcome = Outcome.ACKNOWLEDGED
            except BaseException:  # noqa: BLE001 - whatever it is, the message comes again
                _log.exception("push failed", extra=facts_of(row))
            finally:
                self._done(row, outcome)


def facts_of(row: Row) -> dict[str, str | int]:
    """Return what a log may tell of a message in the queue."""
    return {"attempt": row.attempt, "trace_id": row.attributes.get("trace_id", "")}
