"""The use case that makes two sessions one, where an operator knows that they are one person's."""

from lib.address import is_phone, mask
from lib.model import Conversation, Session
from lib.people.identity import given_up, joined
from lib.storage.stores import Stores


class MergeError(ValueError):
    """Two people are not merged; the text says why in a sentence."""


def merge(kept: str, other: str, stores: Stores) -> Session:
    """Let all that a person writes under another name be theirs; return the session kept.

    Both are addresses. History stays under the names under which it was written.

    Raises:
        MergeError: one of them is not known, both are one already, or an answer is under way.
        StoreError: nothing is merged, or all of it.
    """
    into, gone = _known(kept, stores), _known(other, stores)
    if into.contact == gone.contact:
        raise MergeError("Both are the same person already.")
    for one in (into, gone):
        names = {one.contact, one.phone_number, one.user_id} - {""}
        if any(stores.turns.running(name, 1) for name in names):
            raise MergeError(f"{mask(one.contact)} is being answered just now. Try again later.")
    earlier = [*stores.merges.into(into.contact), *stores.merges.into(gone.contact)]
    whole = joined(into, gone, tuple(one.contact for one in earlier))
    if not stores.merges.merge(into, whole, given_up(gone, whole)):
        raise MergeError(f"{mask(into.contact)} wrote something just now. Try again.")
    return whole


def _known(address: str, stores: Stores) -> Session:
    person: Conversation = stores.conversations.read(address, "" if is_phone(address) else address)
    if person.session is None:
        raise MergeError(f"Nobody is known as {mask(address)}.")
    return person.session
