"""Dead letters: messages that were given up, with what is needed to try them again."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lib.model import DeadLetter
from lib.ports.clock import Clock
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Write
from lib.storage.fields import text, time, time_if_any
from lib.storage.keeping import Keeping

DEAD_LETTERS = "dead_letters"


class DeadLetters:
    """The store of dead letters."""

    def __init__(self, documents: Documents, clock: Clock, keeping: Keeping) -> None:
        self._documents = documents
        self._clock = clock
        self._keeping = keeping

    def keep(self, letter: DeadLetter) -> None:
        """Keep a dead letter; one of the same id replaces the earlier one."""
        self._documents.replace([self.write(letter)], durable=True)

    def write(self, letter: DeadLetter) -> Write:
        """What keeps a dead letter."""
        end = self._keeping.end_of_letter(self._clock())
        return Write(Key(DEAD_LETTERS, letter.id), letter_document(letter, end))

    def find(self, letter_id: str) -> DeadLetter | None:
        """Return a dead letter."""
        key = Key(DEAD_LETTERS, letter_id)
        stored = self._documents.read([key]).get(key)
        return stored and read_letter(letter_id, stored.document)

    def newest(self, most: int) -> list[DeadLetter]:
        """Return the newest dead letters, the newest first."""
        found = self._documents.newest(DEAD_LETTERS, "at", most)
        return [read_letter(key.id, stored.document) for key, stored in found]

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give the dead letters of a contact, as far as it is known whose they are."""
        return self._documents.query(DEAD_LETTERS, Equal("contact", contact))


def letter_document(letter: DeadLetter, expire_at: datetime | None = None) -> Document:
    """A document of ``dead_letters``."""
    return {
        "reason": letter.reason,
        "payload": letter.payload,
        "contact": letter.contact,
        "trace_id": letter.trace_id,
        "at": letter.at,
        "replayed_at": letter.replayed_at,
        "expire_at": expire_at,
    }


def read_letter(letter_id: str, document: Mapping[str, Any]) -> DeadLetter:
    """A dead letter as it is kept."""
    return DeadLetter(
        id=letter_id,
        reason=text(document.get("reason")),
        payload=text(document.get("payload")),
        at=time(document.get("at")),
        trace_id=text(document.get("trace_id")),
        replayed_at=time_if_any(document.get("replayed_at")),
        contact=text(document.get("contact")),
    )
