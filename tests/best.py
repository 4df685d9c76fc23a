"""The best of a few measurements: what else a machine does can only make them worse."""

import gc
from collections.abc import Callable

TRIES = 3


def best(measure: Callable[[], float], enough: float = 0.0) -> float:
    """Return the least of a few measurements, and of as few as it takes to be ``enough``.

    Without searches for garbage: they walk through what every other test has left, which takes as
    long as what is measured.
    """
    gc.disable()
    try:
        least = measure()
        for _ in range(TRIES - 1):
            if least > enough:
                least = min(least, measure())
        return least
    finally:
        gc.enable()
