"""Rate limits of the account. Source: Twilio's "WhatsApp best practices and FAQs".

None means that there is none; the defaults are those of a fresh sender.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from simulator.twilio.errors import ERRORS
from simulator.twilio.refusals import RefusedError

_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed.

    ``per_second`` messages of a sender are carried, the rest waits; ``pair_seconds`` must lie
    between two messages to one recipient, or the later one fails with 63018; ``per_day``
    messages are taken, then comes 63038; ``concurrency`` requests may be open, then comes 429.
    """

    per_second: float | None = 80.0
    pair_seconds: float | None = None
    per_day: int | None = None
    concurrency: int | None = None


class Meter:
    """Counts what the limits are about, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limits = Limits()
        self._open = 0
        self._taken: list[float] = []
        self._next_turn = 0.0
        self._last: dict[str, float] = {}

    def set(self, **changes: Any) -> Limits:
        """Change limits and start counting anew."""
        with self._lock:
            self._limits = replace(self._limits, **changes)
            self._taken.clear()
            self._last.clear()
            return self._limits

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request while it is open.

        Raises:
            RefusedError: too many are open already.
        """
        with self._lock:
            most = self._limits.concurrency
            if most is not None and self._open >= most:
                raise RefusedError(20429, "Too Many Requests", 429)
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def take(self) -> None:
        """Count a message of today.

        Raises:
            RefusedError: there have been too many.
        """
        now = time.monotonic()
        with self._lock:
            most = self._limits.per_day
            if most is None:
                return
            self._taken = [at for at in self._taken if at > now - _DAY]
            if len(self._taken) >= most:
                raise RefusedError(63038, f"Account exceeded the {most} daily messages limit", 429)
            self._taken.append(now)

    def wait(self) -> float:
        """Return in how many seconds the sender's next message may be carried."""
        now = time.monotonic()
        with self._lock:
            if self._limits.per_second is None:
                return 0.0
            turn = max(now, self._next_turn)
            self._next_turn = turn + 1 / self._limits.per_second
            return turn - now

    def pair_error(self, to: str) -> int | None:
        """Count a message to a recipient; return the code if it comes too early."""
        now = time.monotonic()
        with self._lock:
            last, self._last[to] = self._last.get(to), now
            apart = self._limits.pair_seconds
            if apart is None or last is None or now - last >= apart:
                return None
            return ERRORS[63018].code
