"""CPU time: how much of it an answer may take from everybody else's."""

import time
from dataclasses import dataclass

from lib.reply.work import WorkLimitError

SECONDS_AN_ANSWER = 2.0
"""For reading, formatting and splitting one reply: ten times what the longest of people's take."""


@dataclass(frozen=True, slots=True)
class CpuLimit:
    """An end, in seconds of the calling thread's CPU time. Waiting for others takes none of it."""

    end: float

    def check(self) -> None:
        """Return while there is time left.

        Raises:
            WorkLimitError: there is none.
        """
        if time.thread_time() > self.end:
            raise WorkLimitError("the answer takes more work than it may")


def cpu_limit(seconds: float = SECONDS_AN_ANSWER) -> CpuLimit:
    """Return a limit that begins now, for this thread."""
    return CpuLimit(time.thread_time() + seconds)
