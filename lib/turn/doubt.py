"""Chunks of which it is not known whether they were sent, or arrived: looking it up."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.model import Chunk, Turn
from lib.turn import reports

if TYPE_CHECKING:  # the tick function starts without the stores, and sends nothing
    from lib.ports.sender import Sender
    from lib.storage.stores.deliveries import Deliveries


LONGEST_DOUBT = timedelta(minutes=30)
"""After this long without an answer to the look-up, a chunk in doubt is given up, visibly."""


def look_up(turn: Turn, chunk: Chunk, sender: "Sender", deliveries: "Deliveries") -> str:
    """Return the provider's id of a chunk in doubt if it was sent; else nothing: it was not.

    Raises:
        SendError: the doubt remains.
        StoreError: nobody can tell whose the messages are that were found.
    """
    since = chunk.opened_at or turn.created_at
    found = sender.find(turn.address, chunk.text, since, chunk.menu or chunk.media)
    # The same words may have been sent to this person before: those belong to a turn.
    owned = deliveries.owners(found) if found else {}
    return next((sid for sid in found if sid not in owned), "")


def is_hopeless(turn: Turn, chunk: Chunk, now: datetime) -> bool:
    """Whether it cannot be looked up for so long that a chunk in doubt is given up."""
    return now - (chunk.opened_at or turn.created_at) > LONGEST_DOUBT


def recalled(turn: Turn, deliveries: "Deliveries") -> Turn:
    """Return the turn without what arrived although it was reported as failed.

    Raises:
        StoreError: what is known of the copies cannot be read.
    """
    known = map(deliveries.find, reports.copies(turn))
    return reports.recall(turn, [one.sid for one in known if one.state.has_arrived])
