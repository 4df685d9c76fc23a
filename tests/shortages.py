"""What a process runs short of, brought about by the system itself, for as long as a block runs."""

import gc
import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_threads() -> Iterator[None]:
    """The system refuses every new thread: their stacks would not fit into any address space."""
    before = threading.stack_size(2**47)
    try:
        yield
    finally:
        threading.stack_size(before)


@contextmanager
def no_descriptors(spare: int = 0) -> Iterator[None]:
    """The system opens nothing any more, but for a few.

    What else is closed meanwhile can be opened again, so that has to be over first.
    """
    _rest()
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(spare + 1)]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The limit is on the number that the next one would have.
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[-1], hard))
    for one in held:
        os.close(one)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _rest() -> None:
    """Let what earlier tests left be closed: garbage, and by threads whose peers are gone."""
    gc.collect()
    before: set[str] = set()
    for _ in range(100):
        now = {path.name for path in Path("/dev/fd").iterdir()}
        if now == before:
            return
        before = now
        time.sleep(0.1)
