"""Whose a document is: a number has what is left of whoever had it before.

By the rules of identity (decision 0045): history and consents are a person's by a name that nobody
else ever has; everything else goes by a number, and from or until the time at which that passed on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lib.address import is_phone, spellings
from lib.errors import EnvelopeError
from lib.model import Conversation, InboundMessage, Session
from lib.ports.documents import Document, Key, Stored
from lib.queue.decode import decode
from lib.storage.fields import text, time
from lib.storage.stores import Stores
from lib.storage.stores.consents import CONSENTS
from lib.storage.stores.deliveries import DELIVERIES
from lib.storage.stores.history import MESSAGES
from lib.storage.stores.sessions import CONTACTS, SESSIONS
from lib.storage.stores.turns import TURNS


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, by what is known of them.

    ``names`` are all their names in every spelling, ``contacts`` those their sessions are kept
    under, ``histories`` those under which history knows them. ``since`` and ``until`` have the
    numbers that passed on to them, and from them to others.
    """

    names: frozenset[str]
    contacts: frozenset[str]
    histories: frozenset[str]
    since: Mapping[str, datetime]
    until: Mapping[str, datetime]

    def had(self, name: str, at: datetime) -> bool:
        """Whether a name was this person's then."""
        if name not in self.names:
            return False
        since, until = self.since.get(name), self.until.get(name)
        return (since is None or at >= since) and (until is None or at < until)


def whose(person: Conversation, session: Session | None, stores: Stores) -> Whose:
    """Return the person behind a conversation; ``session`` is theirs as of now, if they have one.

    Raises:
        StoreError: nobody can tell now.
    """
    theirs = [*filter(None, [session]), *stores.merges.into(person.contact)]
    known = {name for one in theirs for name in _names(one)}
    names = frozenset(_spelled({person.contact, *person.names, *known}))
    further, others = _found_under(names, theirs, person, stores)
    theirs += further
    since = {one.phone_number: one.number_since for one in theirs if one.number_since}
    since = {form: at for name, at in since.items() for form in spellings(name)}
    histories = {one.name for one in theirs} or {person.contact}
    return Whose(
        names=names,
        contacts=frozenset(one.contact for one in theirs) or frozenset({person.contact}),
        histories=frozenset(histories - {one.name for one in others}),
        since=since,
        until=_ends(others, since),
    )


def _found_under(
    names: frozenset[str], theirs: list[Session], person: Conversation, stores: Stores
) -> tuple[list[Session], list[Session]]:
    """Return what else is found by a person's names: their sessions, and those of others.

    Others have a number of theirs now, or had it.
    """
    ids = {one.user_id for one in theirs if one.user_id}
    known = {one.contact for one in theirs}
    further: list[Session] = []
    others = [person.former] if person.former else []
    for one in stores.sessions.of_names(sorted(names)):
        if one.contact in known:
            continue
        known.add(one.contact)
        is_anothers = bool(ids and one.user_id) and one.user_id not in ids
        (others if is_anothers or one.contact not in names else further).append(one)
    return further, others


def _ends(others: list[Session], since: Mapping[str, datetime]) -> dict[str, datetime]:
    """When numbers passed on to others, the first time since they were this person's."""
    ends: dict[str, datetime] = {}
    for one in others:
        # Whoever is there without having followed anybody had it first.
        at = one.number_since or (one.created_at if is_phone(one.contact) else None)
        for form in spellings(one.phone_number or one.contact):
            if at is not None and (form not in since or at > since[form]):
                ends[form] = min(at, ends.get(form, at))
    return ends


def _names(session: Session) -> Iterator[str]:
    yield from filter(None, (session.contact, session.phone_number, session.user_id))


def _spelled(names: set[str]) -> Iterator[str]:
    return (form for name in names for form in spellings(name))


def is_theirs(key: Key, stored: Stored, who: Whose, stores: Stores) -> bool:
    """Whether a document that was found by a name of a person is theirs.

    Raises:
        StoreError: nobody can tell now.
    """
    document = stored.document
    if key.collection == DELIVERIES:
        return _is_delivery_theirs(key, document, who, stores)
    rule = _RULES.get(key.collection, _is_of_their_time)
    return rule(key, document, who)


def _is_said_by_them(_: Key, document: Document, who: Whose) -> bool:
    return text(document.get("session_id")).removeprefix("whatsapp-") in who.histories


def _is_their_consent(_: Key, document: Document, who: Whose) -> bool:
    return document.get("name") in who.histories


def _is_their_link(key: Key, document: Document, who: Whose) -> bool:
    return document.get("contact") in who.contacts and key.id in who.names


def _is_their_session(key: Key, document: Document, who: Whose) -> bool:
    return key.id in who.contacts and who.had(key.id, time(document.get("last_active")))


def _is_of_their_time(key: Key, document: Document, who: Whose) -> bool:
    name = text(document.get("contact")) or text(document.get("address")) or key.id
    return who.had(name, time_of(document))


_RULES = {
    MESSAGES: _is_said_by_them,
    CONSENTS: _is_their_consent,
    CONTACTS: _is_their_link,
    SESSIONS: _is_their_session,
}


def _is_delivery_theirs(key: Key, document: Document, who: Whose, stores: Stores) -> bool:
    """It has no time of its own but that of its turn, which few have to be asked for."""
    name = text(document.get("contact"))
    if name not in who.since and name not in who.until:
        return name in who.names
    turn = Key(TURNS, text(document.get("turn_id")) or key.id)
    found = stores.documents.read([turn]).get(turn)
    return found is not None and who.had(name, time_of(found.document))


def time_of(document: Document) -> datetime:
    """When what a document is about was sent, else when it was written."""
    if payload := text(document.get("payload")):
        try:
            message = decode(payload.encode(errors="replace"))
        except EnvelopeError:
            message = None
        if isinstance(message, InboundMessage):
            return message.received_at
    fields = (document.get(name) for name in ("at", "created_at", "before", "last_active"))
    return time(next((one for one in fields if isinstance(one, datetime)), None))
