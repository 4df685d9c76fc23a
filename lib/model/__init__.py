"""The values that travel through the gateway. Frozen, standard library only.

Times are aware datetimes in UTC. Sizes of text that WhatsApp limits are in UTF-16 units.
"""

from lib.model.assistant import Answer, Assistant, Catalogue, Exchange, Permissions, Question
from lib.model.conversation import Conversation, HistoryEntry, Role, Session, Usage, email_of
from lib.model.message import Choice, Delivery, InboundMessage, Location, Media, MessageKind
from lib.model.turn import (
    NO_CHANGES,
    SETTLED,
    Changes,
    Chunk,
    ChunkState,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    Turn,
    TurnState,
)

__all__ = [
    "NO_CHANGES",
    "SETTLED",
    "Answer",
    "Assistant",
    "Catalogue",
    "Changes",
    "Choice",
    "Chunk",
    "ChunkState",
    "Conversation",
    "DeadLetter",
    "Delivery",
    "DeliveryReport",
    "DeliveryState",
    "Exchange",
    "FailureCause",
    "HistoryEntry",
    "InboundMessage",
    "Location",
    "Media",
    "MessageKind",
    "Permissions",
    "Question",
    "Role",
    "Session",
    "Turn",
    "TurnState",
    "Usage",
    "email_of",
]
