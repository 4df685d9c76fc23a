"""The use case of an operator who notes that somebody consented, or no longer does, by a proof."""

from datetime import datetime
from uuid import uuid4

from lib.address import is_phone, mask
from lib.model import Conversation
from lib.ports.documents import Key, Write
from lib.storage.stores import Stores
from lib.storage.stores.consents import GRANTED, OPERATOR, REVOKED, ConsentEvent
from lib.storage.stores.sessions import SESSIONS, standing_write

_ERASED_FIRST = "{who} asked to be forgotten, which is not done yet. Try again later."
_THEIR_OWN = "{who} opted out themselves. Only their own START takes that back: nothing is noted."
_AT_ONCE = "Something else was kept of {who} just now. Try again."


class ConsentError(ValueError):
    """A consent is not noted; the text says why in a sentence."""


def note(
    address: str, state: str, kind: str, evidence: str, by: str, now: datetime, stores: Stores
) -> ConsentEvent:
    """Keep an event of consent with its evidence, and how the person stands since; return it.

    ``state`` is ``granted`` or ``revoked``, ``kind`` what it is about, ``by`` the operator. A
    person who never wrote may consent, too: on paper, or on a web page.

    Raises:
        ConsentError: it may not be noted, or cannot be now.
        StoreError: all of it is kept, or nothing.
    """
    first = _person(address, stores)
    key = _place(first, stores)
    stored = stores.documents.read([key]).get(key)
    # Read again: what the place says from here on is refused below if it is not so any more.
    person = _person(address, stores)
    _check(person, state, stores)
    names = {person.contact, address, *person.names}
    out, into = (None, now) if state == GRANTED else (now, None)
    event = ConsentEvent(
        person.name,
        state,
        OPERATOR,
        f"operator-{uuid4().hex}",
        now,
        evidence,
        kind,
        by,
    )
    writes = [*stores.sessions.marks_of(names, out, into), stores.sessions.proof(event)]
    if person.session is not None:
        writes.append(standing_write(person.contact, event.id, out, into))
    if not _kept(key, stored.revision if stored else None, writes, stores):
        raise ConsentError(_AT_ONCE.format(who=mask(person.contact)))
    return event


def _person(address: str, stores: Stores) -> Conversation:
    return stores.conversations.read(address, "" if is_phone(address) else address)


def _place(person: Conversation, stores: Stores) -> Key:
    """What is written whenever the person opts out or in: the session, or else the mark."""
    if person.session is not None:
        return Key(SESSIONS, person.contact)
    return stores.erasures.keys([person.contact])[0]


def _check(person: Conversation, state: str, stores: Stores) -> None:
    if person.forgotten is not None and person.forgotten.erasure:
        raise ConsentError(_ERASED_FIRST.format(who=mask(person.contact)))
    if state == GRANTED and person.opted_out_at is not None and _is_their_own(person, stores):
        raise ConsentError(_THEIR_OWN.format(who=mask(person.contact)))


def _is_their_own(person: Conversation, stores: Stores) -> bool:
    """Whether an opting out that holds is the person's word: what no event tells of is."""
    events = events_of(person, stores)
    back = [one.at for one in events if one.state == GRANTED and one.source != OPERATOR]
    since = max(back, default=None)
    revoked = (one for one in events if one.state == REVOKED and (not since or one.at > since))
    return {one.source for one in revoked} != {OPERATOR}


def events_of(person: Conversation, stores: Stores) -> list[ConsentEvent]:
    """Return all that is known of a person's consent, under every name, the earliest first."""
    merged = stores.merges.into(person.contact)
    names = {person.name, *(one.name for one in merged)}
    found = (event for name in names for event in stores.consents.events_of(name))
    return sorted(found, key=lambda event: event.at)


def _kept(key: Key, revision: str | None, writes: list[Write], stores: Stores) -> bool:
    """Write all of it, if the place is as it was read."""
    first = next(one for one in writes if one.key == key)
    beside = [one for one in writes if one.key != key]
    _, ours = stores.documents.write_if(first.key, first.document, revision, beside, durable=True)
    return ours
