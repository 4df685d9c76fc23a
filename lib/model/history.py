"""Chat history: what both sides said, kept for good."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Who said something."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One side of a turn as kept in chat history, its thinking apart from its text.

    ``kind`` tells a question to an assistant from a command, a notice of the gateway, or what a
    human is to answer. ``name`` is the person's; see ``Session``.
    """

    message_id: str
    role: Role
    text: str
    kind: str
    name: str
    assistant_id: str
    trace_id: str
    at: datetime
    thinking: str = ""
    source: str = "whatsapp"
