"""How another thread ends an exchange, wherever the exchange waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from lib.stopping import Stop
from lib.web.sockets import Cut, waits


@contextmanager
def obeying(stop: Stop | None) -> Iterator[None]:
    """End each wait of this thread within the block when the order to stop is given.

    Such a wait raises StoppedError, whatever it brought, and none begins any more.
    """
    before = waits.begin
    if stop is not None:
        waits.begin = partial(_stoppable, stop)
    try:
        yield
    finally:
        waits.begin = before


@contextmanager
def _stoppable(stop: Stop, cut: Cut) -> Iterator[None]:
    lock, cuts = threading.Lock(), [cut]

    def end() -> None:
        with lock:
            for one in cuts:
                one()

    with stop.ending(end):
        try:
            yield
        finally:
            with lock:  # or a late order would cut what others do on this connection next
                cuts.clear()
            stop.check()
