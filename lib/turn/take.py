"""Taking a turn in hand: as a new one, or over from a worker that is gone."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from lib.model import InboundMessage, Turn, TurnState
from lib.turn import moves
from lib.turn.moves import Verdict
from lib.turn.responder import Responder

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """The turn is this worker's until its lease runs out."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker has the turn, or it rests for a while: come again later."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do for the turn, unless its person writes."""

    turn: Turn


def begin(
    message: InboundMessage, payload: str, responder: Responder, lease: timedelta | None = None
) -> Held | Busy | Done:
    """Take the turn of a person's message, ``payload`` as it was queued; see ``take``."""
    now, address = responder.clock(), message.address
    until = now + (lease or responder.lease)
    return take(moves.start(message.id, address, address, payload, now, until), responder, lease)


def take(
    turn: Turn, responder: Responder, lease: timedelta | None = None, *, wake: bool = False
) -> Held | Busy | Done:
    """Claim a turn that begins, or take over a stored one; ``wake`` says that its person wrote.

    One write, or none where there is nothing to do. Of any number of workers one holds it, for a
    ``lease`` of its own as long as it is not answered.

    Raises:
        TurnTakenError: another worker was faster.
        StoreError: nobody can tell whose it is.
    """
    if not turn.revision:
        turn, is_new = responder.stores.turns.claim(turn)
        if is_new:
            _log.info("turn claimed")
            return Held(turn)
    now = responder.clock()
    until = responder.until(now)
    if wake and turn.state is TurnState.PARKED:
        return Held(responder.stores.turns.commit(moves.wake(turn, now, until)))
    match moves.judge(turn, now):
        case Verdict.DONE:
            return Done(turn)
        case Verdict.BUSY:
            return Busy(turn)
    _log.info("turn taken over", extra={"state": turn.state})
    if lease is not None and turn.state is TurnState.THINKING:
        until = now + lease
    return Held(responder.stores.turns.commit(moves.resume(turn, until)))
