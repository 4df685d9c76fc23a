"""The worker of a turn that was stopped meanwhile: it says what became of its send, and ends."""

import logging
from collections.abc import Sequence

from lib.errors import TurnTakenError
from lib.model import ChunkState, Turn
from lib.ports.documents import Write
from lib.storage.stores.turns import Turns
from lib.turn import chunks, stops

_MOST_TRIES = 5
_log = logging.getLogger(__name__)


def commit(held: Turn, moved: Turn, writes: Sequence[Write], turns: Turns) -> Turn:
    """Store the move of a turn in hand; return the turn as it is stored.

    Where it was stopped since it was read, only what became of the open chunk is stored.

    Raises:
        TurnTakenError: another worker has the turn.
        StoreError: it may not be stored.
    """
    try:
        return turns.commit(moved, writes)
    except TurnTakenError:
        _log.info("turn moved by somebody else")
    for _ in range(_MOST_TRIES):
        stored = turns.find(held.id)
        left = stored and stops.merged(held, moved, stored)
        if left is None:
            break
        # A dead letter would be of what nobody wants any more.
        is_sent = left.chunks[chunks.open_index(held)].state is ChunkState.SENT
        kept = writes if is_sent else ()
        try:
            return turns.commit(left, kept)
        except TurnTakenError:
            continue
    raise TurnTakenError("the turn was moved by another worker")


def still_wanted(turn: Turn, turns: Turns) -> Turn:
    """Return a turn in hand if its open chunk may be sent, else as it is stored without it.

    Raises:
        TurnTakenError: another worker has the turn.
    """
    stored = turns.find(turn.id)
    if stored is not None and stored.revision == turn.revision:
        return turn
    if stored is None or not stored.stopped_by or stored.attempt != turn.attempt:
        raise TurnTakenError("the turn was moved by another worker")
    return turns.commit(stops.drop(stored))


def has_been_stopped(turn_id: str, turns: Turns) -> bool:
    """Whether a turn was stopped, and nothing of it is open."""
    stored = turns.find(turn_id)
    return stored is not None and bool(stored.stopped_by) and chunks.open_chunk(stored) is None
