"""Who somebody is: one person's session and permissions, under whatever name they write.

A person has several names: the contact they are kept under, the address they write from, a
business-scoped id, and of each the other national form. See decision 0045.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lib.address import spellings
from lib.model import Session, email_of
from lib.storage import documents
from lib.storage.catalogue.documents import PERMISSIONS
from lib.storage.documents import Document, Key

Read = Callable[[Iterable[Key]], Mapping[Key, Document]]
"""Returns those of the documents that exist, in one round trip."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person: the name they are kept under, all their names, and every document found."""

    contact: str
    names: frozenset[str]
    session: Session | None
    found: Mapping[Key, Document]


def identify(address: str, user_id: str, also: Iterable[Key], read: Read) -> Identity:
    """Return the person who writes from an address, and the documents of ``also`` with them.

    One round trip; another one where the business-scoped id is linked to a contact that the
    address does not tell, or the session to a number that it hides.
    """
    names = _spelled(address, user_id)
    link = [(documents.CONTACTS, user_id)] if user_id else []
    found = dict(read([*link, *also, *_sessions(address), *_permissions(names)]))
    contact = documents.read_contact(found.get(link[0]) if link else None, address)
    if contact not in spellings(address):
        new = _spelled(contact) - names
        found |= read([*_sessions(contact), *_permissions(new)])
        names |= new
    session = _newest(contact, found)
    if session is None:
        return Identity(contact, names, None, found)
    unseen = _spelled(session.phone_number) - names
    if unseen:
        found |= read(_permissions(unseen))
    return Identity(session.contact, names | unseen, session, found)


def emails_of(names: Iterable[str]) -> list[str]:
    """The e-mail addresses under which permissions of these names are kept."""
    return sorted(map(email_of, names))


def _spelled(*names: str) -> frozenset[str]:
    return frozenset(form for name in names if name for form in spellings(name))


def _sessions(contact: str) -> list[Key]:
    return [(documents.SESSIONS, form) for form in spellings(contact)]


def _permissions(names: Iterable[str]) -> list[Key]:
    return [(PERMISSIONS, email) for email in emails_of(names)]


def _newest(contact: str, found: Mapping[Key, Document]) -> Session | None:
    """The session of a contact: of two, which were one person's two, the one used last."""
    kept = [
        documents.read_session(form, found[documents.SESSIONS, form])
        for form in spellings(contact)
        if (documents.SESSIONS, form) in found
    ]
    return max(kept, key=lambda session: session.last_active, default=None)
