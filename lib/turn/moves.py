"""The once-only turn as a state machine: pure values in, pure values out.

Drawn in ``docs/turn.md``. Only the worker that holds the lease may move a turn. Each move is
stored before the effect that depends on it, and the store refuses a move made from an outdated
version. ``until`` is always the end of the lease that the mover takes with the move.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from lib.model import SETTLED, Chunk, ChunkState, Menu, Turn, TurnState
from lib.turn.chunks import (
    all_given_up,
    first_unsent,
    given_up,
    is_sent,
    open_chunk,
    open_index,
    sent_index,
    unsent,
    with_chunk,
    without_voice,
)

SESSION_WINDOW = timedelta(hours=24)
"""WhatsApp's session window: a free-form reply later than this is refused anyway."""

FIRST_PAUSE = timedelta(seconds=10)
"""Before a chunk that failed on its way is sent again; doubled each time."""


class Verdict(Enum):
    """What a worker does with a turn that was already there."""

    DONE = "done"
    BUSY = "busy"
    RESUME = "resume"


def start(
    turn_id: str, contact: str, address: str, payload: str, now: datetime, until: datetime
) -> Turn:
    """Return the turn to claim, whatever it is about; ``payload`` is that as it was queued."""
    return Turn(
        id=turn_id,
        contact=contact,
        address=address,
        state=TurnState.THINKING,
        attempt=1,
        lease_until=until,
        created_at=now,
        payload=payload,
    )


def judge(turn: Turn, now: datetime) -> Verdict:
    """Say what may be done with a stored turn. A parked one is woken by its contact only."""
    if turn.state in SETTLED or turn.state is TurnState.PARKED:
        return Verdict.DONE
    return Verdict.BUSY if turn.lease_until > now else Verdict.RESUME


def is_expired(turn: Turn, now: datetime) -> bool:
    """Whether the session window has closed since the turn began."""
    return now - turn.created_at > SESSION_WINDOW


def resume(turn: Turn, until: datetime) -> Turn:
    """Take the turn over from a worker that let go of it or fell silent.

    One that waits for what belongs to it waits no longer.
    """
    state = TurnState.THINKING if turn.state is TurnState.HELD else turn.state
    return replace(turn, state=state, attempt=turn.attempt + 1, lease_until=until)


def renew(turn: Turn, until: datetime) -> Turn:
    """Keep the turn while the assistant works."""
    return replace(turn, lease_until=until)


def answer(
    turn: Turn,
    texts: Sequence[str],
    now: datetime,
    until: datetime,
    menu: Menu | None = None,
    enclosed: Sequence[Chunk] = (),
) -> Turn:
    """Fix the reply for good, a menu with its last text, and open the first chunk.

    What was said of it before goes before it, what is ``enclosed`` behind it.
    """
    chunks = tuple(Chunk(text) for text in texts)
    if menu is not None and chunks:
        chunks = (*chunks[:-1], replace(chunks[-1], menu=menu))
    whole = (*turn.chunks, *chunks, *enclosed)
    return open_next(replace(turn, state=TurnState.ANSWERED, chunks=whole), now, until)


def open_next(turn: Turn, now: datetime, until: datetime) -> Turn:
    """Mark the first unsent chunk as being sent; a turn without one is delivered."""
    index = first_unsent(turn)
    if index is None:
        return replace(turn, state=TurnState.DELIVERED)
    chunk = turn.chunks[index]
    if chunk.state is ChunkState.WAITING:
        chunk = replace(chunk, state=ChunkState.SENDING, opened_at=now)
    return replace(with_chunk(turn, index, chunk), lease_until=until)


def close(turn: Turn, sid: str, now: datetime, until: datetime, *, slow: bool = False) -> Turn:
    """Mark the open chunk as sent and open the next one, in one move.

    A ``slow`` send counts as if the turn had been taken over: reports of it may have come while
    nobody could tell whose they were.
    """
    index = open_index(turn)
    closed = replace(turn.chunks[index], state=ChunkState.SENT, sid=sid)
    counted = replace(turn, attempt=turn.attempt + slow)
    return open_next(with_chunk(counted, index, closed), now, until)


def let_go(turn: Turn, until: datetime, *, in_doubt: bool) -> Turn:
    """Let go of the turn after a send that failed; nobody takes it over before ``until``.

    A chunk in doubt stays marked as sending.
    """
    index = open_index(turn)
    chunk = turn.chunks[index]
    if not in_doubt:
        chunk = replace(chunk, state=ChunkState.WAITING, opened_at=None)
    return release(with_chunk(turn, index, chunk), until)


def fail(turn: Turn, sid: str, now: datetime) -> Turn:
    """Take back a chunk that failed on its way, to be sent again after a growing pause."""
    index = sent_index(turn, sid)
    failures = turn.chunks[index].failures + 1
    again = replace(unsent(turn.chunks[index]), failures=failures)
    pause = FIRST_PAUSE * 2 ** (failures - 1)
    answered = replace(turn, state=TurnState.ANSWERED, lease_until=now + pause)
    return with_chunk(answered, index, again)


def park(turn: Turn, sid: str = "") -> Turn:
    """Keep everything unsent, and the chunk of this id, until the person writes again.

    A voice waits for nobody; a turn of which nothing else is left is delivered.
    """
    chunks = tuple(
        unsent(chunk) if chunk.state is ChunkState.SENDING or is_sent(chunk, sid) else chunk
        for chunk in without_voice(turn).chunks
    )
    left = replace(turn, state=TurnState.PARKED, chunks=chunks)
    return left if first_unsent(left) is not None else replace(left, state=TurnState.DELIVERED)


def wake(turn: Turn, now: datetime, until: datetime) -> Turn:
    """Go on with a parked turn, and count its age from now."""
    return replace(turn, state=TurnState.ANSWERED, created_at=now, lease_until=until)


def apologise(turn: Turn, text: str, now: datetime, until: datetime, sid: str = "") -> Turn:
    """Give up what is not sent, and the chunk of this id, and say so instead, once."""
    chunks = (*all_given_up(turn, sid), Chunk(text))
    answered = replace(turn, state=TurnState.ANSWERED, chunks=chunks, apologised=True)
    return open_next(answered, now, until)


def give_up(turn: Turn, text: str, now: datetime, until: datetime, sid: str = "") -> Turn:
    """Give up the chunk of this id, or the open one, and have the person told, once.

    Where the apology is on its way, only the chunk is given up; without the apology, the turn is,
    and so it is where no chunk is meant.
    """
    if not turn.apologised:
        return apologise(turn, text, now, until, sid)
    if not sid and open_chunk(turn) is None:
        return mark_dead(turn)
    index = sent_index(turn, sid) if sid else open_index(turn)
    if index == len(turn.chunks) - 1:
        return mark_dead(turn, sid)
    left = with_chunk(turn, index, given_up(turn.chunks[index]))
    return open_next(left, now, until) if turn.state is TurnState.ANSWERED else left


def mark_dead(turn: Turn, sid: str = "") -> Turn:
    """Give the turn up for good, with the chunk of this id where one failed on its way."""
    return replace(turn, state=TurnState.DEAD, chunks=all_given_up(turn, sid))


def release(turn: Turn, until: datetime) -> Turn:
    """Let go of the turn: from then on any worker may take it over."""
    return replace(turn, lease_until=until)
