"""The CPU that some work takes, as it would be on a machine that has nothing else to do."""

import time
from collections.abc import Callable

from tests.best import best

# What the yardstick takes on two idle cores of a current server, in seconds.
YARDSTICK = 0.025
STEPS = 400_000


def cpu(work: Callable[[], object], enough: float) -> float:
    """Return the CPU seconds of ``work``, at best, in the time of an idle machine.

    Only where they are not ``enough`` it is measured again.
    """
    return best(lambda: _once(work, enough), enough)


def _once(work: Callable[[], object], enough: float) -> float:
    taken = _seconds(work)
    return taken if taken <= enough else _compared(work)


def _compared(work: Callable[[], object]) -> float:
    """A fixed piece of work is measured before and after it: where that takes twice as long as it
    should, the machine is half as fast, whatever the reason.
    """
    before = _seconds(_yardstick)
    taken = _seconds(work)
    slowness = (before + _seconds(_yardstick)) / 2 / YARDSTICK
    return taken / max(1.0, slowness)


def _yardstick() -> int:
    total = 0
    for number in range(STEPS):
        total += number & 7
    return total


def _seconds(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
