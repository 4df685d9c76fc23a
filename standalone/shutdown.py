"""The end of a process: in good order, in time, and never later than its parent's."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from lib.shortage import start_thread

STOP_SECONDS = 9
"""How long a stop may take; SIGTERM is promised to end everything within ten seconds."""


def stop_on_signals(
    first: Callable[[], None] = lambda: None, *, seconds: int = STOP_SECONDS
) -> None:
    """Let SIGTERM and SIGINT end the running server in good order, by force after ``seconds``.

    ``first`` ends what would keep a request open: the server waits for those in hand.
    """

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        # The server takes this as the order to stop; a second signal must not cut the stopping.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.alarm(seconds)
        first()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def end_with_parent(*, seconds: int = STOP_SECONDS) -> None:
    """End as at SIGTERM when standard input does: the parent holds its other end.

    The system ends what is still there after ``seconds``, whatever the threads of this process
    are waiting for: the alarm's signal has no handler.

    Raises:
        ShortageError: there is no thread to watch with.
    """
    main = threading.main_thread().ident or 0

    def watch() -> None:
        # Not through sys.stdin, whose lock a waiting thread would hold at the very end.
        try:
            while os.read(sys.stdin.fileno(), 1024):
                pass
        finally:
            # A stop that is under way already keeps its own time.
            if not any(signal.getitimer(signal.ITIMER_REAL)):
                signal.alarm(seconds)
            # To the thread that handles it: another one could take it and not wake that one.
            signal.pthread_kill(main, signal.SIGTERM)

    start_thread(watch, "parent")
