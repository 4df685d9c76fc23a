"""The end of a process: in good order, in time, and never later than its parent's."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from lib.shortage import start_thread

STOP_SECONDS = 9
"""How long a stop may take; SIGTERM is promised to end everything within ten seconds."""


def stop_on_signals(stop: Callable[[], object] = sys.exit, *, seconds: int = STOP_SECONDS) -> None:
    """Let SIGTERM and SIGINT end this process in good order, by force after ``seconds``.

    ``stop`` runs between any two steps of the main thread. Once a server runs there, it only asks
    that to end: an exception would leave a connection half closed.
    """

    def handle(_signal: int, _frame: FrameType | None) -> None:
        # A second signal must not cut the stopping.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.alarm(seconds)
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


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
