"""What a process runs short of, brought about by the system itself, for as long as a block runs."""

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_threads() -> Iterator[None]:
    """The system refuses every new thread: their stacks would not fit into any address space."""
    before = threading.stack_size(2**47)
    try:
        yield
    finally:
        threading.stack_size(before)


@contextmanager
def no_descriptors(*, reusable: bool = False) -> Iterator[None]:
    """The system opens nothing any more; if ``reusable``, what is closed meanwhile makes room.

    The limit is on the number that a new one would have. Standard input, output and errors have
    those below three, and nobody closes them: so whatever else of this process is closed meanwhile,
    by threads that earlier tests left for instance, it makes no room.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_lowest_free() if reusable else 3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _lowest_free() -> int:
    number = os.open(os.devnull, os.O_RDONLY)
    os.close(number)
    return number
