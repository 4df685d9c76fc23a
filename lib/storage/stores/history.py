"""Chat history: both sides of each turn, written once and never changed."""

from collections.abc import Iterator
from datetime import datetime

from lib.model import HistoryEntry, Role, email_of
from lib.ports.clock import Clock
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Write
from lib.storage.keeping import Keeping

MESSAGES = "messages"


class History:
    """The store of chat history."""

    def __init__(self, documents: Documents, clock: Clock, keeping: Keeping) -> None:
        self._documents = documents
        self._clock = clock
        self._keeping = keeping

    def write(self, entry: HistoryEntry) -> Write:
        """What keeps an entry. Its id is its message's: writing it again changes nothing."""
        end = self._keeping.end_of_history(self._clock())
        return Write(_key(entry.message_id, entry.role), history_document(entry, end))

    def documents_of(self, name: str) -> Iterator[tuple[Key, Stored]]:
        """Give everything that a person said and was told; see ``Sessions.name_of``."""
        return self._documents.query(MESSAGES, Equal("session_id", f"whatsapp-{name}"))


def question_keys(message_id: str) -> list[Key]:
    """Where history keeps what a person said in a message; nowhere, if none is named."""
    return [_key(message_id, Role.USER)] if message_id else []


def history_document(entry: HistoryEntry, expire_at: datetime | None = None) -> Document:
    """A document of ``messages``."""
    return {
        "message_id": entry.message_id,
        "session_id": f"whatsapp-{entry.name}",
        "user_email": email_of(entry.name),
        "assistant_id": entry.assistant_id,
        "role": entry.role.value,
        "kind": entry.kind,
        "content": entry.text,
        "thinking": entry.thinking,
        "source": entry.source,
        "trace_id": entry.trace_id,
        "created_at": entry.at,
        "expire_at": expire_at,
    }


def _key(message_id: str, role: Role) -> Key:
    return Key(MESSAGES, f"{message_id}-{role.value}")
