"""The apology: what is given up becomes a dead letter, and the person is told, once."""

from datetime import datetime

from lib.model import Changes, DeadLetter, Turn
from lib.reply import texts
from lib.turn import moves


def apologise(
    turn: Turn, reason: str, now: datetime, until: datetime, sid: str = ""
) -> tuple[Turn, Changes]:
    """Give up a part of an answer; return the turn afterwards and what is kept with it.

    The part is the chunk of this id, else the open one, else all that is unsent. Where the person
    was told already, nothing more is said; without anything left to say, the turn is dead.
    """
    moved = moves.give_up(turn, texts.PART_LOST, now, until, sid)
    return moved, Changes(dead_letter=letter(turn, reason, now))


def letter(turn: Turn, reason: str, now: datetime) -> DeadLetter:
    """Return the dead letter of a turn."""
    return DeadLetter(turn.id, reason, turn.payload, now, turn.trace_id)
