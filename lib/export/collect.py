"""Collecting what is kept of a person, each document once."""

from collections.abc import Callable, Iterator
from datetime import datetime

from lib.conversation.theirs import is_theirs, time_of
from lib.conversation.whose import Whose
from lib.export.spool import Spool
from lib.export.told import line, told
from lib.model import email_of
from lib.ports.documents import Key, Stored
from lib.ports.media_store import MediaStore, StoredMedium
from lib.storage.stores import Stores
from lib.storage.stores.belongings import belongings
from lib.storage.stores.permissions import permitted_to

SECTIONS = {
    "messages": "messages",
    "whatsapp_consents": "consents",
    "whatsapp_sessions": "sessions",
    "whatsapp_contacts": "links",
    "whatsapp_turns": "turns",
    "whatsapp_deliveries": "deliveries",
    "dead_letters": "dead_letters",
    "whatsapp_stops": "stops",
    "user_permissions": "permissions",
}
"""What collections are called in an export; another one has its own name."""


def collect(
    who: Whose, account: str, stores: Stores, spool: Spool, check: Callable[[], None]
) -> None:
    """Keep everything of a person in a spool; ``account`` is what they act as, if anything.

    Raises:
        ExportError: it is too much.
        StoreError: it cannot be read now.
    """
    known: set[Key] = set()
    for section in sorted(SECTIONS.values()):
        spool.begin(section)
    for key, stored in _found(who, account, stores):
        check()
        if key not in known:
            known.add(key)
            section = SECTIONS.get(key.collection, key.collection)
            document = stored.document
            spool.add(section, time_of(document), line(told(key.id, document)))


def media_of(who: Whose, media: MediaStore, most: int) -> Iterator[tuple[datetime, StoredMedium]]:
    """Give what is kept of a person's media for others to fetch, up to so many bytes."""
    for name in sorted(who.names):
        for kept_at, medium in media.kept(name):
            if who.had(name, kept_at) and len(medium.data) <= most:
                most -= len(medium.data)
                yield kept_at, medium


def _found(who: Whose, account: str, stores: Stores) -> Iterator[tuple[Key, Stored]]:
    for key, stored in belongings(who.names, who.histories, stores):
        if is_theirs(key, stored, who, stores):
            yield key, stored
    # What is permitted to a number was meant for who had it then.
    emails = {email_of(name) for name in who.names if name not in who.since}
    yield from permitted_to({*emails, *filter(None, [account])}, stores.documents)
