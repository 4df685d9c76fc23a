"""Consents: what is known of messages that people did not ask for, each event with its proof.

Nothing of an event is changed but its end. It is kept under the name by which history knows the
person, so that a number's next owner has none of it. What holds now is in the session, and, for
longer than that, in the marks of ``Erasures``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lib.errors import StoreError
from lib.ports.documents import Documents, Equal, Key, Stored, Write
from lib.storage.fields import text, time

CONSENTS = "whatsapp_consents"

GRANTED, REVOKED = "granted", "revoked"
WORD, BUTTON, TWILIO, OPERATOR = "word", "button", "twilio", "operator"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """That somebody consented, or no longer does.

    ``source`` is ``word``, ``button``, ``twilio`` (Advanced Opt-Out), Twilio's code by which it
    was learnt, or ``operator``. ``message_id`` is the message that said it, or whatever else makes
    the event one; ``wording`` is what was said, as the proof. ``kind`` is what it is about; empty
    for everything. ``by`` is the operator.
    """

    name: str
    state: str
    source: str
    message_id: str
    at: datetime
    wording: str = ""
    kind: str = ""
    by: str = ""

    @property
    def id(self) -> str:
        """Of one message there is one event, however often it is worked on."""
        return f"{self.name}-{self.message_id}"


class Consents:
    """The store of consents."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def documents_of(self, name: str) -> Iterator[tuple[Key, Stored]]:
        """Give what a person said; see ``Sessions.name_of``."""
        return self._documents.query(CONSENTS, Equal("name", name))

    def events_of(self, name: str) -> list[ConsentEvent]:
        """Return what a person said, the earliest first."""
        found = [_read(stored) for _, stored in self.documents_of(name)]
        return sorted(found, key=lambda event: event.at)

    def keep(self, proof: Write, beside: Iterable[Write] = ()) -> bool:
        """Keep an event that no turn tells of, and what follows from it, all or nothing.

        ``proof`` is what keeps the event. Returns False, and does nothing, if it is kept already.

        Raises:
            StoreError: nobody can tell whether it is.
        """
        stored, ours = self._documents.write_if(
            proof.key, proof.document, None, beside, durable=True
        )
        if stored is None:
            raise StoreError("the event was there, and is no longer")
        return ours


def consent_write(event: ConsentEvent, expire_at: datetime | None = None) -> Write:
    """What keeps an event until then."""
    document = {
        "name": event.name,
        "state": event.state,
        "source": event.source,
        "message_id": event.message_id,
        "wording": event.wording,
        "at": event.at,
        "expire_at": expire_at,
    }
    named = {"kind": event.kind, "by": event.by}
    said = {name: value for name, value in named.items() if value}
    return Write(Key(CONSENTS, event.id), document | said)


def _read(stored: Stored) -> ConsentEvent:
    told = stored.document
    name, state, source, message_id, wording, kind, by = (
        text(told.get(field))
        for field in ("name", "state", "source", "message_id", "wording", "kind", "by")
    )
    return ConsentEvent(name, state, source, message_id, time(told.get("at")), wording, kind, by)
