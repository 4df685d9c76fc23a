"""What was heard for one turn, which remembers it: to hear it costs money."""

from typing import Protocol

from lib.model import Heard, Transcript


class Hearing(Protocol):
    """Remembers what was said in recordings, before anybody is asked about it.

    ``language`` is the one that the person chose (ISO 639-1), empty if none: it is expected there.
    """

    language: str

    def known(self, url: str) -> Transcript | None:
        """Return what was said in a medium, if it was heard before.

        Raises:
            StoreError: nobody can tell now.
        """

    def keep(self, heard: Heard) -> None:
        """Store what was said in a medium.

        Raises:
            StoppedError: the turn is no longer this worker's.
            StoreError: it may not be stored.
        """


class Unkept:
    """Remembers nothing."""

    language = ""

    def known(self, url: str) -> None:
        """Know nothing of it."""

    def keep(self, heard: Heard) -> None:
        """Forget it."""
