"""How long what is written is kept; ``lib.storage.retention`` says what has which of these ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT_FOR = timedelta(days=7)
"""How long turns and delivery states are of use: longer than any redelivery or callback."""

PROOFS_KEPT_FOR = timedelta(days=3 * 365)
"""How long it can be proven what somebody said of consent, behind the session in which it held."""

RENEWED_EVERY = timedelta(days=30)
"""How often what a session needs beside itself is given a later end, while its person writes."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days chat history, dead letters and sessions are kept; 0 means for ever."""

    history: int = 365
    letters: int = 90
    sessions: int = 400

    def end_of_history(self, at: datetime) -> datetime | None:
        """When an entry of chat history is to be forgotten; None if never."""
        return _end(at, self.history)

    def end_of_letter(self, at: datetime) -> datetime | None:
        """When a dead letter is to be forgotten; None if never."""
        return _end(at, self.letters)

    def end_of_session(self, at: datetime) -> datetime | None:
        """When a session is to be forgotten whose person last wrote then; None if never."""
        return _end(at, self.sessions)

    def end_beside_session(self, at: datetime) -> datetime | None:
        """When what leads to a session is to be forgotten, if it is not renewed; None if never.

        Later than any session ends that is written before it is renewed the next time.
        """
        end = self.end_of_session(at)
        return end + RENEWED_EVERY if end else None

    def end_of_proof(self, at: datetime) -> datetime | None:
        """When the proof of a consent is to be forgotten that was in force then; None if never."""
        end = self.end_beside_session(at)
        return end + PROOFS_KEPT_FOR if end else None


DEFAULT_KEEPING = Keeping()


def is_to_be_renewed(before: datetime, now: datetime) -> bool:
    """Whether a session that was written before is written in another period now."""
    return _period(before) != _period(now)


def _period(at: datetime) -> int:
    return at.toordinal() // RENEWED_EVERY.days


def _end(at: datetime, days: int) -> datetime | None:
    return at + timedelta(days=days) if days else None
