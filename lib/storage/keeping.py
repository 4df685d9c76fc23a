"""How long what is written is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT_FOR = timedelta(days=7)
"""How long turns and delivery states are of use: longer than any redelivery or callback."""

SESSIONS_KEPT_FOR = timedelta(days=400)
"""How long a session is kept after its person last wrote."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days chat history and dead letters are kept; 0 means for ever."""

    history: int = 365
    letters: int = 90

    def end_of_history(self, at: datetime) -> datetime | None:
        """When an entry of chat history is to be forgotten; None if never."""
        return _end(at, self.history)

    def end_of_letter(self, at: datetime) -> datetime | None:
        """When a dead letter is to be forgotten; None if never."""
        return _end(at, self.letters)


DEFAULT_KEEPING = Keeping()


def _end(at: datetime, days: int) -> datetime | None:
    return at + timedelta(days=days) if days else None
