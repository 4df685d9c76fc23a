"""What became of a message that was sent."""

from dataclasses import dataclass
from enum import StrEnum


class DeliveryState(StrEnum):
    """How far an outbound message came. A rank says which report is the newer one."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """Reports arrive in any order; the highest rank known is the truth."""
        return _DELIVERY_RANKS[self]

    @property
    def has_arrived(self) -> bool:
        """Whether it is proven that the person got the message: nothing can take that back."""
        return self.rank > DeliveryState.FAILED.rank


# A failure beats "sent", but not a delivery that is already proven (Twilio, "Track outbound
# message status": the order of callbacks is not guaranteed).
_DELIVERY_RANKS = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.FAILED: 2,
    DeliveryState.DELIVERED: 3,
    DeliveryState.READ: 4,
}


class FailureCause(StrEnum):
    """Why a message that was taken did not arrive, by what is to be done about it.

    ``WINDOW``: the person must write first. ``CONTACT``: this person cannot be reached.
    ``TEMPORARY``: the same message may arrive later. ``CONFIGURATION``: an operator must act.
    ``CONTENT``: never with these words.
    """

    WINDOW = "window"
    CONTACT = "contact"
    TEMPORARY = "temporary"
    CONFIGURATION = "configuration"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the provider tells about an outbound message.

    A failed one has the provider's ``error_code``, its ``cause``, and an ``explanation`` that a
    support desk can read. ``address`` is the recipient.
    """

    sid: str
    state: DeliveryState
    error_code: str = ""
    turn_id: str = ""
    address: str = ""
    cause: FailureCause | None = None
    explanation: str = ""

    @property
    def trace_id(self) -> str:
        """The outbound message's own: its turn is known only to the store."""
        return f"whatsapp-{self.sid}"
