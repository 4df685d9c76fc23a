"""Loading without searching what is loaded for garbage, neither meanwhile nor later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unsearched() -> Iterator[None]:
    """Let what the block makes and loads be taken for needed: hardly any of it ever ends.

    Searching would be a sixth of the work, for which waits who writes while a gateway starts anew.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
