"""A child process that answers one request, and ends."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from lib.media.confinement import confine, end_with

if TYPE_CHECKING:
    from lib.media.exchange import Message


def answer_once(
    answer: "Callable[[Message], Message]", memory: int, cpu: int, seconds: int, parent: int
) -> NoReturn:
    """Read the request on standard input, answer on standard output, and end.

    What the parent tells: ``memory`` in bytes, ``cpu`` and ``seconds``, and its own process id.
    """
    confine(memory, cpu)
    # Where its time is up, a signal ends it, whatever it does.
    signal.alarm(seconds + 1)
    # Elsewhere than on Linux, the alarm ends it if its parent does not.
    end_with(parent)
    from lib.media.exchange import packed, unpacked  # noqa: PLC0415 - limits come first

    request = unpacked(sys.stdin.buffer.read())
    sys.stdout.buffer.write(packed(answer(request)))
    sys.stdout.buffer.flush()
    # At once: to take apart what was read would be more work.
    os._exit(0)
