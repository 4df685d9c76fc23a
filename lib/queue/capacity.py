"""How many messages may be begun: accepting goes before answering, finishing before beginning.

Threads that wait, for an assistant or for Twilio, cost next to nothing, so hundreds of them are
welcome. Threads that all compute at once only hold each other up, and the webhook with them.
"""

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 4
"""Messages that are always in hand, and as many more are begun at a time."""

MOST_LAG_SECONDS = 0.003
"""Woken later than this, a thread has waited for others that compute."""

_NAP_SECONDS = 0.0005
# What the process holds open anyway, and what a message in hand takes at most: to its assistant, to
# Twilio, and for the typing indicator.
_DESCRIPTORS, _DESCRIPTORS_EACH = 24, 3


class Capacity:
    """Of one process, with ``most`` messages in hand."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._accepting = 0

    @contextmanager
    def accepting(self) -> Iterator[None]:
        """Say that a message is being queued while the block runs."""
        with self._lock:
            self._accepting += 1
        try:
            yield
        finally:
            with self._lock:
                self._accepting -= 1

    def room(self, busy: int) -> int:
        """Return how many more messages may be begun now. May take a millisecond."""
        flood = self._accepting > 1
        if busy < min(AT_ONCE, self._most):
            return 1 if flood else min(AT_ONCE, self._most) - busy
        if flood or busy >= self._most or _lag() > MOST_LAG_SECONDS:
            return 0
        return min(AT_ONCE, self._most - busy)

    def room_for_fast(self, busy: int) -> int:
        """Return how many more of what overtakes others may be begun, ``busy`` are in hand.

        It is short work that somebody waits for, and has a few places beside all others.
        """
        return max(0, min(AT_ONCE, self._most) - busy)


def affordable(most: int) -> int:
    """Return how many messages may be in hand by the descriptors that this process may open.

    Half of them are for whoever calls: as many connections are taken.
    """
    granted, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if granted == resource.RLIM_INFINITY:
        return most
    return max(1, min(most, (granted // 2 - _DESCRIPTORS) // _DESCRIPTORS_EACH))


def _lag() -> float:
    """How much later than it should a sleeping thread goes on, in seconds."""
    began = time.monotonic()
    time.sleep(_NAP_SECONDS)
    return time.monotonic() - began - _NAP_SECONDS
