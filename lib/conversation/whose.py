"""Who somebody is to what is kept: their names, and when numbers were theirs (decision 0045)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lib.address import is_phone, spellings
from lib.model import Conversation, Session
from lib.model.span import Span
from lib.storage.stores import Stores


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

    def spans(self) -> tuple[Span, ...]:
        """When those names were this person's that others had, too."""
        bounded = sorted(self.since.keys() | self.until.keys())
        return tuple(Span(name, self.since.get(name), self.until.get(name)) for name in bounded)


def whose(person: Conversation, session: Session | None, stores: Stores) -> Whose:
    """Return the person behind a conversation; ``session`` is theirs as of now, if they have one.

    Raises:
        StoreError: nobody can tell now.
    """
    theirs = [*filter(None, [session]), *stores.merges.into(person.contact)]
    past = {form: span for span in _former(theirs) for form in spellings(span.name)}
    known = {name for one in theirs for name in _names(one)} | past.keys()
    names = frozenset(_spelled({person.contact, *person.names, *known}))
    further, others = _found_under(names, theirs, person, stores)
    theirs += further
    since = {one.phone_number: one.number_since for one in theirs if one.number_since}
    since = {form: at for name, at in since.items() for form in spellings(name)}
    since |= {form: span.since for form, span in past.items() if span.since}
    since = _begins(person.contact, session, others) | since
    histories = {one.name for one in theirs} or {person.contact}
    return Whose(
        names=names,
        contacts=frozenset(one.contact for one in theirs) or frozenset({person.contact}),
        histories=frozenset(histories - {one.name for one in others}),
        since=since,
        until=_ends(others, since) | {form: one.until for form, one in past.items() if one.until},
    )


def _found_under(
    names: frozenset[str], theirs: list[Session], person: Conversation, stores: Stores
) -> tuple[list[Session], list[Session]]:
    """Return what else is found by a person's names: their sessions, and those of others.

    Others have a number of theirs now, or had it.
    """
    ids = {one.user_id for one in theirs if one.user_id}
    passed_on = {form for one in theirs for name in _passed_on(one) for form in spellings(name)}
    known = {one.contact for one in theirs}
    further: list[Session] = []
    others = [person.former] if person.former else []
    for one in stores.sessions.of_names(sorted(names)):
        if one.contact in known:
            continue
        known.add(one.contact)
        is_anothers = bool(ids and one.user_id) and one.user_id not in ids
        is_anothers |= one.contact in passed_on and one.user_id not in ids
        (others if is_anothers or one.contact not in names else further).append(one)
    return further, others


def _begins(contact: str, session: Session | None, others: list[Session]) -> dict[str, datetime]:
    """Since when a number can be somebody's whose session, new or gone, does not say it.

    They have it after whoever had it and has another contact now.
    """
    forms = spellings(contact)
    former = [one for one in others if not set(forms).isdisjoint(_passed_on(one))]
    ends = [span.until for span in _former(former) if span.name in forms and span.until]
    if former and session is not None and not ends:
        ends = [session.created_at]
    return dict.fromkeys(forms, max(ends)) if ends else {}


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
    names = (session.contact, session.phone_number, session.user_id, session.known_as)
    yield from filter(None, names)


def _former(sessions: list[Session]) -> Iterator[Span]:
    return (span for one in sessions for span in one.former_numbers)


def _passed_on(session: Session) -> Iterator[str]:
    """Give the numbers that somebody else has had since, as far as the session says so."""
    yield from (span.name for span in session.former_numbers)
    if is_phone(session.known_as) and session.contact != session.known_as:
        yield session.known_as  # archived by an earlier version


def _spelled(names: set[str]) -> Iterator[str]:
    return (form for name in names for form in spellings(name))
