"""The longest single step of some work: no other thread runs while a call of C goes on."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.best import best

HOME = str(Path(__file__).parents[1] / "lib")


def longest_step(work: Callable[[], object], enough: float) -> float:
    """Return the most CPU, in seconds, that one line of ours takes with all that it calls in C.

    It is measured again only where it is not ``enough``.
    """
    return best(lambda: _longest_once(work), enough)


def _longest_once(work: Callable[[], object]) -> float:
    longest, last = 0.0, time.thread_time()

    def trace(frame: object, _event: str, _argument: object) -> object:
        nonlocal longest, last
        longest = max(longest, time.thread_time() - last)
        is_ours = frame.f_code.co_filename.startswith(HOME)
        last = time.thread_time()
        return trace if is_ours else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return longest
