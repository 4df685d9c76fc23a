"""One message and everything done for it, up to what became of the reply."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChunkState(StrEnum):
    """``SENDING`` after a crash or a time-out means in doubt: sent or not, we cannot know.

    ``GIVEN_UP`` will not be sent unless an operator replays the turn.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message-sized part of a reply, with the provider's id once it was taken.

    ``failures`` counts how often it was taken and then failed on its way; ``copies`` are the ids
    that it had then: what was reported as failed may yet turn out to have arrived.
    """

    text: str
    state: ChunkState = ChunkState.WAITING
    sid: str = ""
    opened_at: datetime | None = None
    failures: int = 0
    copies: tuple[str, ...] = ()


class TurnState(StrEnum):
    """Where a turn stands; drawn in ``docs/turn.md``.

    ``PARKED`` waits for the person to write again. The last two are settled.
    """

    THINKING = "thinking"
    ANSWERED = "answered"
    PARKED = "parked"
    DELIVERED = "delivered"
    DEAD = "dead"


SETTLED = frozenset({TurnState.DELIVERED, TurnState.DEAD})


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound message and everything done for it.

    ``attempt`` counts the workers that had it, and the sends that took long: with more than one,
    reports may have come unseen. ``lease_until`` is when a worker that fell silent may be
    replaced. ``payload`` is the message as it was queued. ``nudged_until`` is how long nobody needs
    to queue it again. ``apologised`` says that the last chunk is an apology for the rest.
    ``revision`` is the store's own mark of the version read: a write against an older one is
    refused.
    """

    id: str
    contact: str
    address: str
    state: TurnState
    attempt: int
    lease_until: datetime
    created_at: datetime
    chunks: tuple[Chunk, ...] = ()
    payload: str = ""
    nudged_until: datetime | None = None
    apologised: bool = False
    revision: str = ""

    @property
    def trace_id(self) -> str:
        """The same id as the message's."""
        return f"whatsapp-{self.id}"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, why, and what is needed to look into it.

    ``payload`` is the message as it was queued, so that it can be replayed. ``contact`` is whose it
    is; empty if nobody knows.
    """

    id: str
    reason: str
    payload: str
    at: datetime
    trace_id: str = ""
    replayed_at: datetime | None = None
    contact: str = ""
