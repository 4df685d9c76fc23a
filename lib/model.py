"""The values that travel through the gateway. Frozen, standard library only.

Times are aware datetimes in UTC. Sizes of text that WhatsApp limits are in UTF-16 units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment. The URL answers only to the account's own Twilio credentials."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Location:
    """A shared place, in decimal degrees; address and label may be empty."""

    latitude: float
    longitude: float
    address: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped button or list row: the id we gave it and the title the person saw."""

    id: str
    title: str


class MessageKind(StrEnum):
    """What a person sent. ``UNSUPPORTED`` is whatever the gateway cannot read yet."""

    TEXT = "text"
    MEDIA = "media"
    LOCATION = "location"
    SHARED_CONTACT = "shared_contact"
    CHOICE = "choice"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of one person, as it leaves the webhook.

    ``id`` is the provider's message id, the key of everything done once.
    ``address`` is where the message came from and where the reply goes: ``+E164`` or a
    business-scoped id. ``user_id`` is the business-scoped id, when known, beside a visible
    phone number. ``reply_to`` is the id of the quoted message.
    """

    id: str
    address: str
    received_at: datetime
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    user_id: str = ""
    profile_name: str = ""
    media: tuple[Media, ...] = ()
    location: Location | None = None
    choice: Choice | None = None
    reply_to: str = ""
    forwarded: bool = False

    @property
    def trace_id(self) -> str:
        """The one id that logs, history and the assistant's request share."""
        return f"whatsapp-{self.id}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt of the queue to hand over a message.

    ``attempt`` is 0 where it is not told. ``payload`` is the message as it was queued.
    """

    message: InboundMessage
    attempt: int = 0
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Assistant:
    """Someone who can answer. ``backend`` names the API spoken; ``settings`` belong to it."""

    id: str
    name: str
    description: str = ""
    enabled: bool = True
    backend: str = "vac"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a person may use. ``assistants`` is None where the default policy (all) applies."""

    blocked: bool = False
    assistants: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every assistant there is, and the permissions of the people who have some, by e-mail."""

    assistants: tuple[Assistant, ...] = ()
    permissions: Mapping[str, Permissions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer: one complete pair of chat history, without thinking."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Session:
    """A contact's lasting state. ``recent`` holds the last pairs, oldest first."""

    contact: str
    phone_number: str
    assistant_id: str
    display_name: str
    created_at: datetime
    last_active: datetime
    recent: tuple[Exchange, ...] = ()

    @property
    def id(self) -> str:
        """The session id an assistant is told."""
        return f"whatsapp-{self.contact}"

    @property
    def user_email(self) -> str:
        """The identity under which permissions are kept."""
        return email_of(self.contact)


def email_of(contact: str) -> str:
    """The e-mail address that stands for a contact in permissions and requests."""
    return f"{contact}@whatsapp.user"


@dataclass(frozen=True, slots=True)
class Conversation:
    """All the responder must know before it answers one contact, read in one go."""

    contact: str
    session: Session | None
    permissions: Permissions
    assistants: tuple[Assistant, ...]


class Role(StrEnum):
    """Who said something."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One side of a turn as kept in chat history, its thinking apart from its text.

    ``kind`` tells a question to an assistant from a command or a notice of the gateway.
    """

    message_id: str
    role: Role
    text: str
    kind: str
    contact: str
    assistant_id: str
    trace_id: str
    at: datetime
    thinking: str = ""
    source: str = "whatsapp"


@dataclass(frozen=True, slots=True)
class Question:
    """What an assistant is asked, and by whom."""

    text: str
    email: str
    session_id: str
    trace_id: str
    history: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assistant said, in Markdown; its thinking is never shown."""

    text: str
    thinking: str = ""


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
