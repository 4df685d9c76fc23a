"""A turn that its person stopped, as pure values: what of it ends at once, and what is still open.

Drawn in ``docs/turn.md``. Nothing of a stopped turn begins. A chunk that was just leaving may
arrive; whoever sends it, or looks it up, says what became of it.
"""

from dataclasses import replace

from lib.model import Chunk, ChunkState, Turn, TurnState
from lib.turn import chunks

_STOPPABLE = frozenset({TurnState.HELD, TurnState.THINKING, TurnState.ANSWERED})


def may_stop(turn: Turn) -> bool:
    """Whether there is anything to stop: a turn ends, waits for its person, or is stopped, once."""
    return turn.state in _STOPPABLE and not turn.stopped_by


def stop(turn: Turn, message_id: str, assistant_id: str = "") -> Turn:
    """Stop a turn by a message: what waits is given up, what is being sent stays open.

    ``assistant_id`` is who its person talks to: a turn names that only once it is answered.
    """
    left = tuple(_left(chunk) for chunk in turn.chunks)
    asked = turn.assistant_id or (assistant_id if turn.state is TurnState.THINKING else "")
    return _ended(replace(turn, chunks=left, stopped_by=message_id, assistant_id=asked))


def drop(turn: Turn) -> Turn:
    """Give up the open chunk of a stopped turn: it is known that it was not sent."""
    return _ended(chunks.wanted(turn))


def merged(held: Turn, moved: Turn, stored: Turn) -> Turn | None:
    """Return a turn as it is stopped, with what its worker found out about the open chunk.

    The worker made ``moved`` of ``held``, and found the turn ``stored`` instead. Returns nothing
    where it was not stopped meanwhile, or the open chunk is not this worker's.
    """
    chunk = chunks.open_chunk(stored)
    if not stored.stopped_by or chunk is None or stored.attempt != held.attempt:
        return None
    index = chunks.open_index(stored)
    found = moved.chunks[index] if index < len(moved.chunks) else None
    if found == chunk:  # still in doubt
        return replace(stored, lease_until=moved.lease_until)
    if found is not None and found.state is ChunkState.SENT:
        sent = chunks.with_chunk(stored, index, found)
        return _ended(replace(sent, attempt=moved.attempt))
    return drop(stored)


def _ended(turn: Turn) -> Turn:
    is_open = chunks.open_chunk(turn) is not None
    return replace(turn, state=TurnState.ANSWERED if is_open else TurnState.DELIVERED)


def _left(chunk: Chunk) -> Chunk:
    return chunks.given_up(chunk) if chunk.state is ChunkState.WAITING else chunk
