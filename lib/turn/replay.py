"""The use case of an operator: a message that was given up is tried again."""

from dataclasses import replace
from datetime import datetime

from lib.errors import EnvelopeError, NewerEnvelopeError
from lib.model import (
    SETTLED,
    ChunkState,
    DeadLetter,
    InboundMessage,
    QueueItem,
    Turn,
    TurnState,
)
from lib.queue.decode import decode
from lib.queue.envelope import encode
from lib.queue.push import decode_push
from lib.storage.stores.turns import Turns
from lib.turn import moves
from lib.turn.chunks import hold_an_answer, is_apology_unsent, spoken, unsent
from lib.turn.overdue import Requeuer


def queued(letter: DeadLetter) -> QueueItem:
    """Return what is in a dead letter: as it was queued, or in the push that brought it.

    Raises:
        EnvelopeError: nothing that can be read.
        NewerEnvelopeError: a newer version can read it.
    """
    payload = letter.payload.encode(errors="replace")
    try:
        return decode(payload)
    except NewerEnvelopeError:
        raise
    except EnvelopeError:
        # What could not be read when it came is kept with all that was around it.
        return decode_push(payload).item


def replay(letter: DeadLetter, requeuer: Requeuer) -> None:
    """Queue what is in a dead letter again: what is unsent is sent, else it is asked anew.

    A turn that somebody is working on is left alone; only the message is queued.

    Raises:
        EnvelopeError: there is nothing in the letter that this version can read.
        DocumentError: its turn cannot be read.
        StoreError, QueueError: it is not queued; nothing is lost, try again.
    """
    message = queued(letter)
    now = requeuer.clock()
    if isinstance(message, InboundMessage):
        _reopen(message, now, requeuer.stores.turns)
    # First: the letter of another failure must not be overwritten. What is not queued after this
    # is found by the tick.
    requeuer.stores.dead_letters.keep(replace(letter, replayed_at=now))
    requeuer.publisher.publish(message)


def _reopen(message: InboundMessage, now: datetime, turns: Turns) -> None:
    payload = encode(message)[0].decode()
    address = message.address
    turn, _ = turns.claim(moves.start(message.id, address, address, payload, now, now))
    if turn.state in SETTLED:
        turns.commit(reopen(turn, now))


def reopen(turn: Turn, now: datetime) -> Turn:
    """Return a turn that was given up to where it can be worked on: for an operator's replay.

    What was answered is sent on, if anything of it is unsent; what never was is asked again, and
    what left early of it stands. An apology that was not sent is for nothing then.
    """
    again = replace(turn, attempt=1, lease_until=now, created_at=now, apologised=False)
    again = replace(again, stopped_by="")  # an operator's word is newer
    if spoken(turn):
        left = tuple(chunk for chunk in spoken(turn) if chunk.state is ChunkState.SENT)
        return replace(again, state=TurnState.THINKING, chunks=left)
    if not hold_an_answer(turn):
        return replace(again, state=TurnState.THINKING, chunks=())
    said = turn.chunks[:-1] if is_apology_unsent(turn) else turn.chunks
    if all(chunk.state is ChunkState.SENT for chunk in said):
        return replace(turn, state=TurnState.DELIVERED, chunks=said)
    chunks = tuple(c if c.state is ChunkState.SENT else unsent(c) for c in said)
    return replace(again, state=TurnState.ANSWERED, chunks=chunks)
