"""The worker of a turn that was stopped meanwhile: it says what became of its send, and ends."""

from collections.abc import Sequence

from lib.errors import TurnTakenError
from lib.model import ChunkState, Turn
from lib.ports.documents import Write
from lib.storage.stores.turns import Turns
from lib.turn import chunks, stops

_MOST_TRIES = 5


def tell(held: Turn, moved: Turn, writes: Sequence[Write], turns: Turns) -> Turn:
    """Store what became of the open chunk of a turn in hand; return the turn as it is then.

    ``moved`` is the move of ``held`` that was refused, since the turn was stopped meanwhile.

    Raises:
        TurnTakenError: it was not, but taken by another worker.
        StoreError: it may not be stored.
    """
    for _ in range(_MOST_TRIES):
        stored = turns.find(held.id)
        left = stored and stops.merged(held, moved, stored)
        if stored is None or left is None:
            break
        # A dead letter would be of what nobody wants any more.
        is_sent = left.chunks[chunks.open_index(stored)].state is ChunkState.SENT
        try:
            return turns.commit(left, writes if is_sent else ())
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
