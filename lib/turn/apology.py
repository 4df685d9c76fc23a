"""The apology: what is given up becomes a dead letter, and the person is told, once."""

from datetime import datetime
from typing import TYPE_CHECKING

from lib.model import DeadLetter, Turn
from lib.turn import chunks, moves

if TYPE_CHECKING:
    from lib.storage.stores.conversations import Conversations


def apologise(
    turn: Turn, known: "Conversations", now: datetime, until: datetime, sid: str = ""
) -> Turn:
    """Give up a part of an answer and say so; return the turn afterwards.

    ``known`` has what is known of its person, who is told in their language. The part is the chunk
    of this id, else the open one, else all that is unsent. Where the person was told already,
    nothing more is said; without anything left to say, the turn is dead. Of what the person stopped
    nothing is said.

    Raises:
        StoreError: nobody can tell now what is known of them.
    """
    if turn.stopped_by:
        return moves.open_next(chunks.wanted(turn), now, until)
    sorry = "" if turn.apologised else _said(turn, known)
    return moves.give_up(turn, sorry, now, until, sid)


def _said(turn: Turn, known: "Conversations") -> str:
    from lib.reply import texts  # noqa: PLC0415 - not for every tick
    from lib.turn.translation import said_to  # noqa: PLC0415 - as above

    return said_to(turn, texts.PART_LOST, known)


def letter(turn: Turn, reason: str, now: datetime) -> DeadLetter:
    """Return the dead letter of a turn, which is stored in the commit that gives up."""
    from lib.turn.question import payload_of  # noqa: PLC0415 - not for every tick

    return DeadLetter(turn.id, reason, payload_of(turn), now, turn.trace_id, contact=turn.contact)
