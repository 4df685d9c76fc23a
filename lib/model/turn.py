"""One message and everything done for it, up to what became of the reply."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most of what loads turns makes none of these
    from lib.model.assistant import TokenUsage
    from lib.model.menu import Menu
    from lib.model.outbound_media import OutboundMedia
    from lib.model.reading import Heard


class ChunkKind(StrEnum):
    """``EARLY`` is a part that left before the whole answer was there.

    It stays so where the answer never came. ``NOTE`` says that work goes on; it is no part of it.
    ``VOICE`` is the answer spoken: nobody misses it where it cannot be made or sent.
    """

    ANSWER = "answer"
    EARLY = "early"
    NOTE = "note"
    VOICE = "voice"


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
    that it had then: what was reported as failed may yet turn out to have arrived. ``menu`` or
    ``media`` is sent instead of the text where that is possible.
    """

    text: str
    state: ChunkState = ChunkState.WAITING
    sid: str = ""
    opened_at: datetime | None = None
    failures: int = 0
    copies: tuple[str, ...] = ()
    kind: ChunkKind = ChunkKind.ANSWER
    menu: "Menu | None" = None
    media: "OutboundMedia | None" = None


class TurnState(StrEnum):
    """Where a turn stands; drawn in ``docs/turn.md``.

    ``HELD`` waits for what belongs to it, ``PARKED`` for the person to write again. The last two
    are settled.
    """

    HELD = "held"
    THINKING = "thinking"
    ANSWERED = "answered"
    PARKED = "parked"
    DELIVERED = "delivered"
    DEAD = "dead"


SETTLED = frozenset({TurnState.DELIVERED, TurnState.DEAD})


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person says of an answer: 1 to 5, the best, and a comment if they gave one."""

    rating: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound message and everything done for it.

    ``attempt`` counts the workers that had it, and the sends that took long: with more than one,
    reports may have come unseen. ``lease_until`` is when a worker that fell silent may be
    replaced. ``payload`` is the message as it was queued. ``nudged_until`` is how long nobody needs
    to queue it again. ``apologised`` says that the last chunk is an apology for the rest.
    ``parts`` are messages, as they were queued, that belong to the same question; ``joined_to`` is
    the turn that this one's message belongs to. ``stopped_by`` is the message that stopped it.
    ``assistant_id`` is who was asked, ``answered_at`` when the whole answer was there, ``tokens``
    what it took, ``cost`` what that cost, in millionths where there is a price, ``feedback`` what
    the person says of it. ``heard`` is what was said in recordings of the message, kept before
    anybody is asked about it: to hear them costs money.
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
    parts: tuple[str, ...] = ()
    joined_to: str = ""
    stopped_by: str = ""
    assistant_id: str = ""
    answered_at: datetime | None = None
    tokens: "TokenUsage | None" = None
    feedback: Feedback | None = None
    heard: "tuple[Heard, ...]" = ()
    cost: int | None = None
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
