"""One data folder, one process: two would answer the same messages."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def owning(folder: Path) -> Iterator[None]:
    """Hold the folder while the block runs; the system lets go of it however the process ends.

    Raises:
        OSError: it cannot be made, or another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another gateway uses {folder}; set DATA_DIR for a second one") from None
        yield
    finally:
        os.close(handle)
