"""Where everything is kept."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from lib.model import NO_CHANGES, Changes, Conversation, DeadLetter, DeliveryReport, Turn


class Store(Protocol):
    """Sessions, turns and history: Firestore, or one SQLite file.

    Every method raises StoreError when the store cannot be reached in time.
    """

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """Create the turn unless its id exists; return what is stored, and whether it is ours.

        Atomic: of any number of simultaneous claims of one id exactly one gets True.
        """

    def commit(self, turn: Turn, changes: Changes = NO_CHANGES) -> Turn:
        """Replace the turn and write the changes with it, all or nothing, in one round trip.

        Returns the turn with its new revision.

        Raises:
            TurnTakenError: the stored turn is no longer the one ``turn.revision`` names.
        """

    def turn(self, turn_id: str) -> Turn | None:
        """Return a turn as it is stored."""

    def overdue(self, now: datetime, most: int) -> list[Turn]:
        """Return turns that somebody should be working on and nobody is, oldest first."""

    def conversation(self, address: str, user_id: str, message_id: str = "") -> Conversation:
        """Read all that is known of the person behind an address, in one round trip if possible.

        The contact is the one the business-scoped id is linked to; without a link it is the
        address itself.
        """

    def count(self, name: str, expire_at: datetime) -> int:
        """Add one to a counter, which is kept until then, and return what it now says."""

    def owners(self, sids: Collection[str]) -> dict[str, str]:
        """Return the turns that these provider ids belong to, as far as there are any."""

    def record_delivery(self, report: DeliveryReport) -> DeliveryReport:
        """Keep the report unless a higher-ranked one is known; return the one now in force."""

    def delivery(self, sid: str) -> DeliveryReport:
        """Return what is known of an outbound message: queued, if nothing was reported yet."""

    def await_report(self, sid: str, seconds: float) -> DeliveryReport:
        """Wait until an outbound message is sent or failed, for so many seconds at most.

        Returns what is known then.
        """

    def keep_letter(self, letter: DeadLetter) -> None:
        """Keep a dead letter; one of the same id replaces the earlier one."""

    def letters(self, most: int) -> list[DeadLetter]:
        """Return the newest dead letters, the newest first."""

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a dead letter."""

    def check(self) -> None:
        """Return if the store answers."""
