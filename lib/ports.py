"""The edges as the use cases see them."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol

from lib.model import (
    NO_CHANGES,
    Answer,
    Assistant,
    Changes,
    Conversation,
    DeadLetter,
    DeliveryReport,
    InboundMessage,
    Question,
    Turn,
)

Clock = Callable[[], datetime]
"""Returns the present as an aware datetime in UTC."""


class Publisher(Protocol):
    """Queues messages: Pub/Sub, or a table of the local database."""

    def publish(self, message: InboundMessage | DeliveryReport) -> None:
        """Return once it is durably queued behind what was queued earlier for its address.

        Raises:
            QueueError: it is not, or nobody can tell.
        """


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

    def bury(self, letter: DeadLetter) -> None:
        """Keep a dead letter; one of the same id replaces the earlier one."""

    def letters(self, most: int) -> list[DeadLetter]:
        """Return the newest dead letters, the newest first."""

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a dead letter."""

    def check(self) -> None:
        """Return if the store answers."""


class AssistantClient(Protocol):
    """One kind of assistant API."""

    def ask(self, assistant: Assistant, question: Question) -> Answer:
        """Ask once, within a total deadline, and return the complete answer.

        Raises:
            AssistantRefusedError, AssistantTimeoutError, AssistantEmptyError, AssistantError:
                there is none; asking again is for the person to decide, since tools may have run.
            ShortageError: nobody was asked, so asking again later is safe.
        """


class Typing(Protocol):
    """Shows a person that an answer is being written: Twilio's indicator, or nothing."""

    def __call__(self, message_id: str) -> AbstractContextManager[None]:
        """Show it to who sent that message while the block runs. Never fails, never delays."""


def no_typing(message_id: str) -> AbstractContextManager[None]:
    """Show nothing."""
    del message_id
    return nullcontext()


class Sender(Protocol):
    """Sends WhatsApp messages through Twilio.

    The one port with a single implementation: it keeps the SDK out of the use case that sends.
    """

    def send(self, address: str, text: str) -> str:
        """Send one chunk and return the provider's message id.

        Raises:
            SendRetryableError, SendInDoubtError, SendTooLongError, SendPermanentError,
            SendConfigurationError: see each.
        """

    def find(self, address: str, text: str, since: datetime) -> list[str]:
        """Return the ids of messages with these words sent after ``since``, oldest first.

        Raises:
            SendRetryableError: the look-up itself failed, so the doubt remains.
        """

    def knock(self, address: str) -> bool:
        """Send the template that asks a person to write; whether there is one.

        Raises:
            SendError: it was not sent, or nobody can tell.
        """
