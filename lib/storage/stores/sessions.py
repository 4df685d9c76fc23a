"""Sessions, and the links from business-scoped ids to the contacts that sessions are kept under."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lib.address import is_phone
from lib.model import Conversation, Session
from lib.ports.clock import Clock
from lib.ports.documents import Documents, Equal, Key, Stored, Write
from lib.storage.fields import text
from lib.storage.keeping import DEFAULT_KEEPING, Keeping, is_to_be_renewed
from lib.storage.stores.erasures import KNOWN_FOR, Erasures
from lib.storage.stores.session_documents import read_session, session_document

if TYPE_CHECKING:  # few people say anything of consent
    from lib.storage.stores.consents import ConsentEvent

SESSIONS = "whatsapp_sessions"
CONTACTS = "whatsapp_contacts"


class Sessions:
    """The store of sessions and links. They are read with all else that is known of a person."""

    def __init__(
        self, documents: Documents, clock: Clock, keeping: Keeping, erasures: Erasures
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._keeping = keeping
        self._erasures = erasures

    def write(self, session: Session) -> Write:
        """What keeps a session, until long after its person last wrote."""
        return session_write(session, self._keeping)

    def link(self, user_id: str, contact: str) -> Write:
        """What links a business-scoped id to its contact, for longer than a session is kept."""
        return link_write(user_id, contact, self.end_beside())

    def end_beside(self) -> datetime | None:
        """When what leads to a session is to be forgotten, if it is not renewed; None if never."""
        return self._keeping.end_beside_session(self._clock())

    def archive(self, former: Session, until: datetime) -> tuple[Write, ...]:
        """What keeps the session of a number's former owner, under their business-scoped id.

        What was merged into it leads there. ``until`` is when the number was found to be somebody
        else's.

        Raises:
            StoreError: nobody can tell now what was merged.
        """
        writes = archive_writes(former, until, self._keeping, self._clock())
        if not former.merged:
            return writes
        merged = self._documents.query(SESSIONS, Equal("merged_into", former.contact))
        led = (Write(key, {"merged_into": former.user_id}, is_known=True) for key, _ in merged)
        return *writes, *led

    def renewals(self, person: Conversation, session: Session, user_id: str) -> Iterator[Write]:
        """Give what keeps all that leads to a session as long as that, now and then.

        ``user_id`` is the business-scoped id that the message shows.
        """
        now = self._clock()
        if person.session is None or not is_to_be_renewed(person.session.last_active, now):
            return
        from lib.storage.stores.renewals import renewals  # noqa: PLC0415 - once in a month

        shown = user_id if person.linked else ""
        yield from renewals(session, shown, now, self._keeping)
        if session.opted_out_at is not None:
            yield from self.marks(session)  # by an earlier version it had none

    def proof(self, event: "ConsentEvent") -> Write:
        """What keeps an event of consent for as long as it may have to be proven."""
        from lib.storage.stores.consents import consent_write  # noqa: PLC0415 - seldom needed

        return consent_write(event, self._keeping.end_of_proof(self._clock()))

    def marks(self, session: Session) -> tuple[Write, ...]:
        """What keeps for good that the person of a session opted out, or takes that back."""
        names = {session.contact, session.phone_number, session.user_id}
        names -= {one.name for one in session.former_numbers}
        return self.marks_of(names, session.opted_out_at)

    def marks_of(
        self, names: Iterable[str], out: datetime | None, into: datetime | None = None
    ) -> tuple[Write, ...]:
        """The same of somebody by their names, as they stand by when they opted out or in.

        That somebody opted in, without a session, is not known for longer than by one.
        """
        from lib.storage.stores.standing import Standing, standing_writes  # noqa: PLC0415 - as above

        now = self._clock()
        end = self._keeping.end_of_session(now) if into else now + KNOWN_FOR
        return standing_writes(self._erasures.keys(names), Standing(out, into), end)

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give a contact's session, and the links that lead to it."""
        yield from self._documents.read([Key(SESSIONS, contact)]).items()
        yield from self._documents.query(CONTACTS, Equal("contact", contact))

    def newest(self, most: int) -> list[Session]:
        """Return the sessions that were used last, the latest first."""
        found = self._documents.newest(SESSIONS, "last_active", most)
        return [read_session(key.id, stored.document) for key, stored in found]

    def of_names(self, names: Iterable[str]) -> Iterator[Session]:
        """Give the sessions that are kept under names, and those of who has or had such a number.

        Some are given twice.
        """
        keys = [Key(SESSIONS, name) for name in names]
        found = [*self._documents.read(keys).items()] if keys else []
        for name in filter(is_phone, (key.id for key in keys)):
            found += self._documents.query(SESSIONS, Equal("phone_number", name))
        yield from (read_session(key.id, stored.document) for key, stored in found)

    def find(self, contact: str) -> Session | None:
        """Return the session of a contact."""
        key = Key(SESSIONS, contact)
        stored = self._documents.read([key]).get(key)
        return read_session(contact, stored.document) if stored else None

    def name_of(self, contact: str) -> str:
        """Return the name under which history knows a contact."""
        session = self.find(contact)
        return session.name if session else contact


def session_write(session: Session, keeping: Keeping = DEFAULT_KEEPING) -> Write:
    """What keeps a session: one that was read only where it still is, so that none comes back."""
    is_known = session.stored_as == session.contact
    return Write(Key(SESSIONS, session.contact), session_document(session, keeping), is_known)


def link_write(user_id: str, contact: str, expire_at: datetime | None = None) -> Write:
    """What links a business-scoped id to its contact, until then."""
    return Write(Key(CONTACTS, user_id), {"contact": contact, "expire_at": expire_at})


def archive_writes(
    former: Session,
    until: datetime,
    keeping: Keeping = DEFAULT_KEEPING,
    now: datetime | None = None,
) -> tuple[Write, ...]:
    """What keeps the session of a number's former owner, under their business-scoped id.

    Without what waits for them: it would be sent to the number, and so to somebody else.
    """
    from lib.model.span import Span  # noqa: PLC0415 - numbers seldom pass on

    kept = replace(
        former,
        contact=former.user_id,
        known_as=former.name,
        parked=(),
        held="",
        human=None,
        former_numbers=(*former.former_numbers, Span(former.contact, former.number_since, until)),
    )
    end = keeping.end_beside_session(now or former.last_active)
    return session_write(kept, keeping), link_write(former.user_id, former.user_id, end)


def question_write(contact: str, turn_id: str) -> Write:
    """What a session says of the last question, where nothing else of it is known to be right."""
    return Write(Key(SESSIONS, contact), {"question": turn_id, "original": ""})


def unreachable_write(contact: str, code: str) -> Write:
    """What a session says once its contact cannot be reached."""
    return Write(Key(SESSIONS, contact), {"unreachable": code})


def standing_write(
    contact: str, event_id: str, out: datetime | None, into: datetime | None = None
) -> Write:
    """What a session says once its person opted out or in, as it was learnt elsewhere.

    ``into`` is None where nothing is said of having opted in.
    """
    said = {"opted_out_at": out, "consent": event_id}
    return Write(Key(SESSIONS, contact), said | ({"opted_in_at": into} if into else {}))


def read_link(document: Mapping[str, Any] | None) -> str:
    """The contact that a business-scoped id is linked to; nothing without a link."""
    return text((document or {}).get("contact"))
