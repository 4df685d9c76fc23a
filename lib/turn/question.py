"""The question of a turn, as its person asked it."""

from lib.errors import DocumentError, EnvelopeError
from lib.model import InboundMessage, Turn
from lib.queue.decode import decode
from lib.storage.stores.turns import Turns


def message_of(turn: Turn) -> InboundMessage:
    """Return the message that a turn is about.

    Raises:
        EnvelopeError: its payload is none, or one of a newer version.
    """
    found = decode(turn.payload.encode(errors="replace"))
    if not isinstance(found, InboundMessage):
        raise EnvelopeError("the turn is about no message")
    return found


def asked(turn_id: str, turns: Turns) -> InboundMessage | None:
    """Return the question of an earlier turn; None where it is gone, or cannot be read.

    Raises:
        StoreError: nobody can tell now.
    """
    try:
        turn = turns.find(turn_id)
        return message_of(turn) if turn else None
    except (DocumentError, EnvelopeError):
        return None
