"""What this process itself runs short of: threads, descriptors, memory.

None of that is anybody's fault, and it passes: what met it is put back and comes again.
"""

import contextlib
import errno
import logging
import os
import threading
from collections.abc import Callable

from lib.errors import ShortageError

# POSIX, "Error numbers": too many open files, of the process and of the system; no memory; no
# buffers; and the general "try again", which is what a thread or process too many gets.
_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN})
# Others of the family have numbers of their own: those of TLS, and of looking up names.
_KINDS = frozenset({OSError, BlockingIOError})
_DESCRIPTORS = 4096
_log = logging.getLogger(__name__)


def is_shortage(error: BaseException) -> bool:
    """Whether an error says that the system had no more to give to this process."""
    if isinstance(error, MemoryError | ShortageError):
        return True
    return type(error) in _KINDS and getattr(error, "errno", None) in _ERRNOS


def has_descriptors() -> bool:
    """Whether a file can be opened now: much fails without saying that it is for want of one."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return not is_shortage(error)
    return True


def allow_descriptors() -> None:
    """Let this process open as many files as its user may, within reason: a server needs them."""
    import resource  # noqa: PLC0415 - for one machine only, and no function need load it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # Where the system has a lower limit of its own, it stays as it was.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def start_thread(work: Callable[[], object], name: str) -> threading.Thread:
    """Have a new daemon thread do some work; return the thread. If the work fails, the log says so.

    Raises:
        ShortageError: the system gives none; nothing was begun.
    """

    def run() -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - there is nobody else to tell
            _log.exception("thread failed", extra={"work": name})

    try:
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
    except (RuntimeError, MemoryError) as error:
        raise ShortageError(f"no thread for {name}") from error
    return thread
