"""How the work on a text grows with its length."""

import time
from collections.abc import Callable

from tests.best import best

# Four is linear, sixteen quadratic.
_ENOUGH = 10.0


def growth(work: Callable[[str], object], pattern: str, length: int) -> float:
    """Return how many times the CPU of ``length`` characters four times as many take, at best.

    Measured in pairs, so that a busy machine slows both; again only where it is above ten.
    """

    def measure() -> float:
        return _seconds(work, pattern, 4 * length) / _seconds(work, pattern, length)

    return best(measure, _ENOUGH)


def _seconds(work: Callable[[str], object], pattern: str, length: int) -> float:
    text = pattern * (length // len(pattern))
    started = time.process_time()
    work(text)
    return time.process_time() - started
