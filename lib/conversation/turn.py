"""The once-only turn as a state machine: pure values in, pure values out.

    (new) --start--> THINKING --answer--> ANSWERED --close (last chunk)--> DELIVERED
                        |                    |
                        +------bury----------+--> DEAD

Only the worker that holds the lease may move a turn. Each move is stored before the effect
that depends on it, and the store refuses a move made from an outdated version.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from lib.model import Chunk, ChunkState, InboundMessage, Turn, TurnState

LEASE = timedelta(seconds=150)
"""Longer than the longest assistant call and the sends after it: no renewal is needed."""

PATIENCE = timedelta(hours=24)
"""WhatsApp's session window: a free-form reply later than this is refused anyway."""


SETTLING = timedelta(seconds=5)
"""How long a chunk in doubt is left alone: a provider lists a message a little after taking it."""


class Verdict(Enum):
    """What a worker does with a turn that was already there."""

    DONE = "done"
    BUSY = "busy"
    RESUME = "resume"
    EXPIRED = "expired"


def start(message: InboundMessage, now: datetime) -> Turn:
    """Return the turn to claim for a message."""
    return Turn(
        id=message.id,
        contact=message.address,
        address=message.address,
        state=TurnState.THINKING,
        attempt=1,
        lease_until=now + LEASE,
        created_at=now,
    )


def judge(turn: Turn, now: datetime) -> Verdict:
    """Say what may be done with a stored turn."""
    if turn.state in {TurnState.DELIVERED, TurnState.DEAD}:
        return Verdict.DONE
    if turn.lease_until > now:
        return Verdict.BUSY
    return Verdict.EXPIRED if now - turn.created_at > PATIENCE else Verdict.RESUME


def resume(turn: Turn, now: datetime) -> Turn:
    """Take the turn over from a worker that let go of it or fell silent."""
    return replace(turn, attempt=turn.attempt + 1, lease_until=now + LEASE)


def answer(turn: Turn, texts: Sequence[str], now: datetime) -> Turn:
    """Fix the reply for good and open its first chunk."""
    chunks = tuple(Chunk(text) for text in texts)
    answered = replace(turn, state=TurnState.ANSWERED, chunks=chunks, lease_until=now + LEASE)
    return open_next(answered, now)


def open_next(turn: Turn, now: datetime) -> Turn:
    """Mark the first unsent chunk as being sent; a turn without one is delivered."""
    index = first_unsent(turn)
    if index is None:
        return replace(turn, state=TurnState.DELIVERED)
    chunk = turn.chunks[index]
    if chunk.state is ChunkState.SENDING:
        return turn
    opened = replace(chunk, state=ChunkState.SENDING, opened_at=now)
    return replace(_with_chunk(turn, index, opened), lease_until=now + LEASE)


def close(turn: Turn, sid: str, now: datetime) -> Turn:
    """Mark the open chunk as sent and open the next one, in one move."""
    index = _open_index(turn)
    closed = replace(turn.chunks[index], state=ChunkState.SENT, sid=sid)
    return open_next(_with_chunk(turn, index, closed), now)


def postpone(turn: Turn, now: datetime, *, in_doubt: bool) -> Turn:
    """Let go of the turn after a send that failed.

    A chunk in doubt stays marked as sending, and nobody looks it up before it has settled.
    """
    if in_doubt:
        return replace(turn, lease_until=now + SETTLING)
    index = _open_index(turn)
    waiting = replace(turn.chunks[index], state=ChunkState.WAITING, opened_at=None)
    return _with_chunk(release(turn, now), index, waiting)


def resplit(turn: Turn, texts: Sequence[str], now: datetime) -> Turn:
    """Replace the open chunk, refused as too long, by smaller ones and open the first."""
    index = _open_index(turn)
    smaller = tuple(Chunk(text) for text in texts)
    chunks = turn.chunks[:index] + smaller + turn.chunks[index + 1 :]
    return open_next(replace(turn, chunks=chunks), now)


def release(turn: Turn, now: datetime) -> Turn:
    """Let go of the turn so that its next delivery can take over at once."""
    return replace(turn, lease_until=now)


def bury(turn: Turn) -> Turn:
    """Give the turn up for good."""
    return replace(turn, state=TurnState.DEAD)


def first_unsent(turn: Turn) -> int | None:
    """The index of the first chunk not known to be sent."""
    for index, chunk in enumerate(turn.chunks):
        if chunk.state is not ChunkState.SENT:
            return index
    return None


def open_chunk(turn: Turn) -> Chunk | None:
    """The chunk marked as being sent, if there is one."""
    return next((c for c in turn.chunks if c.state is ChunkState.SENDING), None)


def _open_index(turn: Turn) -> int:
    return next(i for i, c in enumerate(turn.chunks) if c.state is ChunkState.SENDING)


def _with_chunk(turn: Turn, index: int, chunk: Chunk) -> Turn:
    return replace(turn, chunks=(*turn.chunks[:index], chunk, *turn.chunks[index + 1 :]))
