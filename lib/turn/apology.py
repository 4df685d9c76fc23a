"""The apology: what is given up becomes a dead letter, and the person is told, once."""

from datetime import datetime

from lib.model import DeadLetter, Turn
from lib.reply import texts
from lib.turn import chunks, moves


def apologise(turn: Turn, now: datetime, until: datetime, sid: str = "") -> Turn:
    """Give up a part of an answer and say so; return the turn afterwards.

    The part is the chunk of this id, else the open one, else all that is unsent. Where the person
    was told already, nothing more is said; without anything left to say, the turn is dead. Of what
    the person stopped nothing is said.
    """
    if turn.stopped_by:
        return moves.open_next(chunks.wanted(turn), now, until)
    return moves.give_up(turn, texts.PART_LOST, now, until, sid)


def letter(turn: Turn, reason: str, now: datetime) -> DeadLetter:
    """Return the dead letter of a turn, which is stored in the commit that gives up."""
    return DeadLetter(turn.id, reason, _payload(turn), now, turn.trace_id, contact=turn.contact)


def _payload(turn: Turn) -> str:
    if not turn.parts:
        return turn.payload
    from lib.turn.question import payload_of  # noqa: PLC0415 - not for every tick

    return payload_of(turn)
