"""The values that travel through the gateway. Frozen, standard library only.

Times are aware datetimes in UTC. Sizes of text that WhatsApp limits are in UTF-16 units.

Each module is loaded when a name of it is first asked for: making a dataclass takes most of a
millisecond, and the webhook needs a third of them. See decision 0026.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.model.access import Access, Invitation, Login
    from lib.model.assistant import (
        Answer,
        Assistant,
        Catalogue,
        Early,
        Exchange,
        Question,
        TokenUsage,
    )
    from lib.model.conversation import Conversation, Session, Usage, email_of
    from lib.model.history import HistoryEntry, Role
    from lib.model.human import HandoverEvent, HandoverKind, Human
    from lib.model.menu import Menu, MenuKind, Option
    from lib.model.message import (
        Choice,
        InboundMessage,
        Location,
        Media,
        MessageKind,
        QueueDelivery,
        QueueItem,
        Referral,
    )
    from lib.model.outbound_media import Enclosing, OutboundKind, OutboundMedia
    from lib.model.permissions import Permissions, ruling, strictest
    from lib.model.reading import Document, Heard, Picture, Reading, Transcript
    from lib.model.report import DeliveryReport, DeliveryState, FailureCause
    from lib.model.turn import (
        SETTLED,
        Chunk,
        ChunkKind,
        ChunkState,
        DeadLetter,
        Feedback,
        Turn,
        TurnState,
    )

__all__ = [
    "SETTLED",
    "Access",
    "Answer",
    "Assistant",
    "Catalogue",
    "Choice",
    "Chunk",
    "ChunkKind",
    "ChunkState",
    "Conversation",
    "DeadLetter",
    "DeliveryReport",
    "DeliveryState",
    "Document",
    "Early",
    "Enclosing",
    "Exchange",
    "FailureCause",
    "Feedback",
    "HandoverEvent",
    "HandoverKind",
    "Heard",
    "HistoryEntry",
    "Human",
    "InboundMessage",
    "Invitation",
    "Location",
    "Login",
    "Media",
    "Menu",
    "MenuKind",
    "MessageKind",
    "Option",
    "OutboundKind",
    "OutboundMedia",
    "Permissions",
    "Picture",
    "Question",
    "QueueDelivery",
    "QueueItem",
    "Reading",
    "Referral",
    "Role",
    "Session",
    "TokenUsage",
    "Transcript",
    "Turn",
    "TurnState",
    "Usage",
    "email_of",
    "ruling",
    "strictest",
]

# No module needs one that stands further on.
_MODULES = (
    "report",
    "message",
    "permissions",
    "assistant",
    "conversation",
    "menu",
    "turn",
    "history",
    "outbound_media",
    "reading",
    "human",
    "access",
)


def __getattr__(name: str) -> object:
    """Return a value's class from the first module that has it (PEP 562)."""
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                return globals().setdefault(name, found[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
