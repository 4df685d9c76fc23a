"""One message and everything done for it, up to what became of the reply."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.model.conversation import HistoryEntry, Session


class ChunkState(StrEnum):
    """``SENDING`` after a crash or a time-out means in doubt: sent or not, we cannot know."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message-sized part of a reply, with the provider's id once it was taken."""

    text: str
    state: ChunkState = ChunkState.WAITING
    sid: str = ""
    opened_at: datetime | None = None


class TurnState(StrEnum):
    """Where a turn stands; the last two are final."""

    THINKING = "thinking"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound message and everything done for it.

    ``lease_until`` is when a worker that fell silent may be replaced. ``revision`` is the
    store's own mark of the version read: a write against an older one is refused.
    """

    id: str
    contact: str
    address: str
    state: TurnState
    attempt: int
    lease_until: datetime
    created_at: datetime
    chunks: tuple[Chunk, ...] = ()
    revision: str = ""

    @property
    def trace_id(self) -> str:
        """The same id as the message's."""
        return f"whatsapp-{self.id}"


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


# A failure beats "sent", but not a delivery that is already proven (Twilio, "Track outbound
# message status": the order of callbacks is not guaranteed).
_DELIVERY_RANKS = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.FAILED: 2,
    DeliveryState.DELIVERED: 3,
    DeliveryState.READ: 4,
}


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the provider tells about an outbound message; ``error_code`` is set if it failed."""

    sid: str
    state: DeliveryState
    error_code: str = ""
    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, why, and what is needed to look into it.

    ``payload`` is the message as it was queued, so that it can be replayed.
    """

    id: str
    reason: str
    payload: str
    at: datetime
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is written together with a turn, all or nothing.

    ``alias`` links a business-scoped id to its contact. ``sent`` are the provider ids that
    now belong to the turn.
    """

    session: Session | None = None
    alias: tuple[str, str] | None = None
    history: tuple[HistoryEntry, ...] = ()
    sent: tuple[str, ...] = ()
    dead_letter: DeadLetter | None = None


NO_CHANGES = Changes()
