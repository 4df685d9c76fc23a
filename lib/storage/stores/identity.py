"""Who somebody is: one person's session and permissions, under whatever name they write.

A person has several names: the contact they are kept under, the address they write from, a
business-scoped id, and of each the other national form. A number may pass on to somebody else; the
business-scoped id tells. See decision 0045.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lib.address import is_phone, spellings
from lib.model import Session, email_of
from lib.ports.documents import Document, Key
from lib.storage.catalogue.documents import PERMISSIONS
from lib.storage.stores.session_documents import read_session
from lib.storage.stores.sessions import CONTACTS, SESSIONS, read_link
from lib.storage.stores.stops import stop_keys

_ENDED = {"expire_at"}

Read = Callable[[Iterable[Key]], Mapping[Key, Document]]
"""Returns those of the documents that exist, in one round trip."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person: the name they are kept under, all their names, and every document found.

    ``linked`` says that the business-scoped id leads to the contact. ``former`` is the session of
    somebody else, who had the contact's number before. ``merged`` says that the name they write
    under was merged into the contact's.
    """

    contact: str
    names: frozenset[str]
    session: Session | None
    found: Mapping[Key, Document]
    linked: bool = False
    former: Session | None = None
    merged: bool = False

    def permissions(self) -> Iterator[Document]:
        """Give what was found of the person's permissions: under a number of theirs from the start.

        What is permitted to a number was meant for who had it then.
        """
        passed_on = self.contact if self.former else ""
        if self.session and self.session.number_since:
            passed_on = self.session.phone_number
        for key in _permissions(self.names - _spelled(passed_on)):
            if key in self.found:
                yield self.found[key]


def identify(address: str, user_id: str, also: Iterable[Key], read: Read) -> Identity:
    """Return the person who writes from an address, and the documents of ``also`` with them.

    One round trip; another one where the business-scoped id is linked to a contact that the
    address does not tell, or the session to a number that it hides, and two for who was merged.
    """
    names = _spelled(address, user_id)
    link = Key(CONTACTS, user_id)
    known = [link] if user_id else []
    found = dict(read([*known, *also, *_kept(address), *_permissions(names)]))
    contact = read_link(found.get(link)) or address
    if contact not in spellings(address):
        found |= read([*_kept(contact), *_permissions(_spelled(contact) - names)])
        if _is_anothers(_newest(contact, found), user_id):
            contact = address  # the link is from when the number was this person's
    names |= _spelled(contact)
    session = _newest(contact, found)
    contact = session.contact if session else contact
    linked = read_link(found.get(link)) in spellings(contact)
    if session is None or _is_anothers(session, user_id):
        return Identity(contact, names, None, found, linked, former=session)
    if session.merged_into:
        found |= read(_kept(session.merged_into))
        into = _newest(session.merged_into, found)
        if into is not None:
            names |= _spelled(session.phone_number, into.contact, into.phone_number)
            found |= read(_permissions(names - _spelled(address, user_id)))
            return Identity(into.contact, names, into, found, linked=True, merged=True)
    unseen = _spelled(session.phone_number) - names
    if unseen:
        found |= read(_permissions(unseen))
    return Identity(contact, names | unseen, session, found, linked)


def _is_anothers(session: Session | None, user_id: str) -> bool:
    """Whether a number's session belongs to somebody else than who has it now.

    A person keeps the business-scoped id as long as the number. A session kept under an id is
    found by a link, which somebody made who knew.
    """
    if session is None or not is_phone(session.contact):
        return False
    return bool(user_id and session.user_id) and user_id != session.user_id


def _spelled(*names: str) -> frozenset[str]:
    return frozenset(form for name in names if name for form in spellings(name))


def _sessions(contact: str) -> list[Key]:
    return [Key(SESSIONS, form) for form in spellings(contact)]


def _kept(contact: str) -> list[Key]:
    """Where a contact's session is, and what they stopped."""
    return [*_sessions(contact), *stop_keys(contact)]


def _permissions(names: Iterable[str]) -> list[Key]:
    return [Key(PERMISSIONS, email) for email in sorted(map(email_of, names))]


def _newest(contact: str, found: Mapping[Key, Document]) -> Session | None:
    """The session of a contact: of two, which were one person's two, the one used last."""
    # What says no more than when it ends is left of one that is gone.
    there = [key for key in _sessions(contact) if key in found and found[key].keys() != _ENDED]
    kept = [read_session(key.id, found[key]) for key in there]
    return max(kept, key=lambda session: session.last_active, default=None)
