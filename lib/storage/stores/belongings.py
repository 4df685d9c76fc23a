"""The one list of all that is kept of a person: what is shown to them, and what is erased."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lib.ports.documents import Key, Stored

if TYPE_CHECKING:
    from lib.storage.stores import Stores


def belongings(
    names: Iterable[str], histories: Iterable[str], stores: "Stores"
) -> Iterator[tuple[Key, Stored]]:
    """Give every document in which something is kept of whoever had one of these names.

    ``names`` are all names of a person, in every spelling, ``histories`` those under which history
    knows them; names that were merged into these are found. Something may be given twice, and a
    number has what is left of an earlier owner, too.
    """
    known = set(names)
    contacts = known | {one.contact for name in known for one in stores.merges.into(name)}
    for name in sorted({*contacts, *histories, *map(stores.sessions.name_of, contacts)}):
        yield from stores.history.documents_of(name)
        yield from stores.consents.documents_of(name)
    # What was sent is told apart by its turn, which therefore goes behind it.
    kept = (stores.sessions, stores.deliveries, stores.turns, stores.dead_letters, stores.stops)
    for contact in sorted(contacts):
        for store in kept:
            yield from store.documents_of(contact)
