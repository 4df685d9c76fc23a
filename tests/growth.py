"""How the work on a text grows with its length."""

import gc
import time
from collections.abc import Callable

TRIES = 3


def growth(work: Callable[[str], object], pattern: str, length: int) -> float:
    """Return how many times the CPU of ``length`` characters four times as many take, at best.

    Four is linear, sixteen quadratic. Measured in pairs, so that a busy machine slows both, and
    without searches for garbage: they walk through what every other test has left.
    """
    gc.disable()
    try:
        return min(
            _seconds(work, pattern, 4 * length) / _seconds(work, pattern, length)
            for _ in range(TRIES)
        )
    finally:
        gc.enable()


def _seconds(work: Callable[[str], object], pattern: str, length: int) -> float:
    text = pattern * (length // len(pattern))
    started = time.process_time()
    work(text)
    return time.process_time() - started
