"""Whoever follows an answer while it is being written."""

from typing import Protocol

from lib.stopping import Stop


class Listener(Protocol):
    """Hears an answer grow, and may end it."""

    stop: Stop
    """Given when nobody wants the answer any more: its connection is closed at once."""

    @property
    def has_spoken(self) -> bool:
        """Whether something of the answer reached the person, or may have."""

    def hear(self, text: str) -> None:
        """Take all that may be shown of the answer so far, in Markdown; empty when it begins.

        It grows from call to call; the finished answer may yet differ. Called seldom enough for
        work that takes milliseconds, by the thread that reads the answer, which waits meanwhile.

        Raises:
            StoppedError: the answer is to end here.
        """

    def fail(self, error: Exception) -> None:
        """Take that it hears no more of this answer, by an error that is nobody's but ours."""


class Silence:
    """Listens to nothing, which costs nothing; it may end the answer all the same.

    ``has_spoken`` says that something of it reached the person before.
    """

    def __init__(self, stop: Stop | None = None, *, has_spoken: bool = False) -> None:
        self.stop = stop or Stop()
        self.has_spoken = has_spoken

    def hear(self, text: str) -> None:
        """Take it, and do nothing."""

    def fail(self, error: Exception) -> None:
        """Miss nothing."""
