"""What is kept of a person: the session, and chat history."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.model.assistant import Assistant, Exchange, Permissions


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
    """All the responder must know before it answers one contact, read in one go.

    ``linked`` says that the business-scoped id is already linked to the contact.
    """

    contact: str
    session: Session | None
    permissions: Permissions
    assistants: tuple[Assistant, ...]
    linked: bool = False


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
