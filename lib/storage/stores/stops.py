"""Stops: until when what somebody sent is not to be answered any more, and how often they said so.

A document a contact, apart from the session: it is written beside the turn that writes that.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from lib.address import spellings
from lib.errors import StoreError
from lib.model import Usage
from lib.ports.documents import Document, Documents, Key, Stored
from lib.storage.fields import time_if_any
from lib.storage.stores.session_documents import read_usage, usage_document

STOPS = "whatsapp_stops"

KEPT_FOR = timedelta(days=1)
"""Longer than a message waits in the queue before somebody looks after it."""

_MOST_TRIES = 5


class Stops:
    """The store of stops. They are read with all else that is known of a person."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def mark(self, contact: str, before: datetime, now: datetime) -> None:
        """Keep that what a contact sent before then is not to be answered; the latest time counts.

        Raises:
            StoreError: it is not kept.
        """

        def marked(known: Document) -> Document:
            earlier = time_if_any(known.get("before"))
            return {"before": max(before, earlier) if earlier else before}

        self._change(contact, marked, now)

    def count(self, contact: str, counted: Callable[[Usage], Usage], now: datetime) -> None:
        """Keep what a contact has used by stops, by a rule that is told what they had used before.

        Raises:
            StoreError: it is not counted.
        """
        self._change(
            contact, lambda known: {"usage": usage_document(counted(read_usage(known)))}, now
        )

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give what a contact stopped."""
        yield from self._documents.read([Key(STOPS, contact)]).items()

    def _change(self, contact: str, change: Callable[[Document], Document], now: datetime) -> None:
        key = Key(STOPS, contact)
        stored = self._documents.read([key]).get(key)
        for _ in range(_MOST_TRIES):
            news = change(stored.document if stored else {}) | {"expire_at": now + KEPT_FOR}
            revision = stored.revision if stored else None
            stored, ours = self._documents.write_if(key, news, revision)
            if ours:
                return
        raise StoreError("too many stops of one contact at once")


def stop_keys(contact: str) -> list[Key]:
    """Where a contact's stops are, in every spelling of a number."""
    return [Key(STOPS, form) for form in spellings(contact)]


def stopped_before(contact: str, found: Mapping[Key, Document]) -> datetime | None:
    """Until when a contact's messages are not to be answered, by the documents found."""
    known = (found.get(key, {}).get("before") for key in stop_keys(contact))
    return max(filter(None, map(time_if_any, known)), default=None)
