"""Consents: what people said of messages that they did not ask for. Nothing of it is changed.

The present state is in the session; these are its proof. A document an event, under the name by
which history knows the person, so that a number's next owner has none of it.
"""

from collections.abc import Iterator
from datetime import datetime

from lib.ports.documents import Documents, Equal, Key, Stored, Write

CONSENTS = "whatsapp_consents"

GRANTED, REVOKED = "granted", "revoked"
WORD, BUTTON = "word", "button"


class Consents:
    """The store of consents."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def documents_of(self, name: str) -> Iterator[tuple[Key, Stored]]:
        """Give what a person said; see ``Sessions.name_of``."""
        return self._documents.query(CONSENTS, Equal("name", name))


def consent_write(
    name: str, state: str, source: str, message_id: str, at: datetime, wording: str = ""
) -> Write:
    """What keeps an event. Of one message there is one, however often it is worked on.

    ``source`` is ``word``, ``button``, or the provider's code by which it was learnt. ``wording``
    is what was said, as the proof of it.
    """
    return Write(
        Key(CONSENTS, f"{name}-{message_id}"),
        {
            "name": name,
            "state": state,
            "source": source,
            "message_id": message_id,
            "wording": wording,
            "at": at,
        },
    )
