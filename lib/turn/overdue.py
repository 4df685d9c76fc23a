"""The use case of the tick: work that nobody is doing is queued again.

The queue itself brings back whatever was not acknowledged. This is for what it lost: a message
that outlived its retention, or whose hand-overs were used up while something was down. An answer
that waited too long for its person becomes a dead letter.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.errors import EnvelopeError, GatewayError, NewerEnvelopeError, TurnTakenError
from lib.model import Turn, TurnState
from lib.ports.clock import Clock
from lib.ports.publisher import Publisher
from lib.queue.decode import decode
from lib.turn import chunks, moves
from lib.turn.apology import letter
from lib.turn.doubt import recalled

if TYPE_CHECKING:  # the tick function starts without the stores
    from lib.storage.stores import Stores

AT_ONCE = 200
"""Turns looked at in one tick."""

LEAST_PAUSE = timedelta(seconds=60)
"""Between two times that the same turn is queued again; as long as it has been forgotten."""

LONGEST_UNREADABLE = timedelta(days=7)
"""After so long a turn whose message cannot be read becomes a dead letter: what is kept ends."""

MOST_TIME = timedelta(seconds=20)
"""Once something fails, no longer than that: where a store is down, each turn would wait for it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Requeuer:
    """Everything needed to look after what was left lying."""

    stores: "Stores"
    publisher: Publisher
    clock: Clock


def pick_up(requeuer: Requeuer) -> int:
    """Queue every forgotten turn's message again; return how many there were.

    A message that is queued twice does no harm: its turn is worked on once.

    Raises:
        StoreError, QueueError: of some it is not queued. The others were tried nevertheless, as
            long as there was time.
    """
    now = requeuer.clock()
    failure: GatewayError | None = None
    queued = 0
    for turn in requeuer.stores.turns.overdue(now, AT_ONCE):
        try:
            queued += _look_after(turn, now, requeuer)
        except GatewayError as error:
            facts = {"code": error.code, "reason": str(error), "trace_id": turn.trace_id}
            _log.error("turn not picked up", extra=facts)
            failure = failure or error
            if requeuer.clock() - now > MOST_TIME:
                break
    if failure is not None:
        raise failure
    return queued


def _look_after(turn: Turn, now: datetime, requeuer: Requeuer) -> bool:
    if turn.state is not TurnState.PARKED:
        return _queue_again(turn, now, requeuer)
    _end_parked(turn, now, requeuer.stores)
    return False


def _end_parked(turn: Turn, now: datetime, stores: "Stores") -> None:
    """Give an answer up that nobody came for, unless it arrived after all; age counts anew."""
    left = recalled(turn, stores.deliveries)
    try:
        if chunks.first_unsent(left) is None:
            stores.turns.commit(replace(left, state=TurnState.DELIVERED, created_at=now))
            return
        dead = replace(moves.mark_dead(left), created_at=now)
        lost = stores.dead_letters.write(letter(turn, "parked_expired", now))
        stores.turns.commit(dead, (lost,))
    except TurnTakenError:
        return  # the person wrote at this moment
    _log.error("parked answer given up", extra={"trace_id": turn.trace_id})


def _end_unreadable(turn: Turn, now: datetime, stores: "Stores") -> None:
    """Look again tomorrow, for as long as an answer would wait; then nobody will be able to."""
    if now - turn.created_at < LONGEST_UNREADABLE:
        stores.turns.commit(replace(turn, nudged_until=now + timedelta(days=1)))
        return
    lost = stores.dead_letters.write(letter(turn, "without_its_message", now))
    stores.turns.commit(replace(moves.mark_dead(turn), created_at=now), (lost,))


def _queue_again(turn: Turn, now: datetime, requeuer: Requeuer) -> bool:
    pause = max(LEAST_PAUSE, now - turn.lease_until)
    try:
        message = decode(turn.payload.encode())
        requeuer.stores.turns.commit(replace(turn, nudged_until=now + pause))
    except TurnTakenError:
        return False  # somebody is at it after all
    except NewerEnvelopeError:
        _log.error("turn waits for a newer version", extra={"trace_id": turn.trace_id})
        requeuer.stores.turns.commit(replace(turn, nudged_until=now + pause))
        return False
    except (EnvelopeError, UnicodeError):
        _log.error("turn without its message", extra={"trace_id": turn.trace_id})
        _end_unreadable(turn, now, requeuer.stores)
        return False
    requeuer.publisher.publish(message)
    _log.warning("turn picked up", extra={"state": turn.state, "trace_id": turn.trace_id})
    return True
