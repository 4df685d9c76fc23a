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
    knows them. What is found in two ways is given twice, and a number has what is left of an
    earlier owner, too.
    """
    for name in sorted({*names, *histories}):
        yield from stores.history.documents_of(name)
    for name in sorted({*names}):
        yield from stores.documents_of(name)
