"""The responder's use case: what was queued, dealt with once."""

import logging

from lib import trace
from lib.errors import GatewayError
from lib.model import (
    Changes,
    DeadLetter,
    DeliveryReport,
    InboundMessage,
    QueueDelivery,
    Turn,
    TurnState,
)
from lib.queue.push import decode_push
from lib.turn import dead_letter, moves
from lib.turn.answer import answer
from lib.turn.moves import Verdict
from lib.turn.parked import park
from lib.turn.responder import Responder
from lib.turn.undelivered import follow_up, handle_report

_log = logging.getLogger(__name__)


def handle_push(body: bytes, responder: Responder) -> bool:
    """Answer the message in a push body; return False if it must come again later.

    What can never work is kept as a dead letter, and settled with it.
    """
    try:
        return _handle(body, responder)
    except GatewayError as error:
        _log.error("message postponed", extra={"code": error.code, "reason": str(error)})
        return False


def _handle(body: bytes, responder: Responder) -> bool:
    try:
        return respond(decode_push(body), responder)
    except GatewayError as error:
        if error.retryable:
            raise
        dead_letter.keep(body, f"{error.code}: {error}", responder)
        return True


def respond(delivery: QueueDelivery, responder: Responder) -> bool:
    """Do what is left to do for what was queued; return False if it must come again later.

    Raises:
        StoreError, SendError: it must come again, too.
    """
    queued = delivery.item
    with trace.following(queued.trace_id):
        if isinstance(queued, DeliveryReport):
            return handle_report(queued, responder)
        return _respond(queued, delivery.payload, responder)


def _respond(message: InboundMessage, payload: str, responder: Responder) -> bool:
    now = responder.clock()
    until = responder.until(now)
    turn, ours = responder.store.claim(moves.start(message, payload, now, until))
    if ours:
        _log.info("turn claimed")
        return _advance(turn, message, responder)
    verdict = moves.judge(turn, now)
    _log.info("message seen before", extra={"state": turn.state, "verdict": verdict.value})
    match verdict:
        case Verdict.RESUME:
            _log.info("turn taken over", extra={"state": turn.state})
            resumed = responder.store.commit(moves.resume(turn, until))
            return _advance(resumed, message, responder)
        case Verdict.EXPIRED:
            return _expire(turn, message, responder)
        case Verdict.DONE if turn.attempt > 1:
            # The worker may have ended before it looked for failures.
            return follow_up(turn, responder)
    return verdict is not Verdict.BUSY


def _advance(turn: Turn, message: InboundMessage, responder: Responder) -> bool:
    fresh = turn.state is TurnState.THINKING
    if fresh:
        turn = answer(turn, message, responder)
    turn = responder.deliver(turn, fresh=fresh)
    _log.info(
        "turn settled",
        extra={"state": turn.state, "chunks": len(turn.chunks), "attempt": turn.attempt},
    )
    return turn.attempt == 1 or follow_up(turn, responder)


def _expire(turn: Turn, message: InboundMessage, responder: Responder) -> bool:
    """The session window has closed: an answer waits for the person, a question is given up."""
    now = responder.clock()
    if turn.state is TurnState.THINKING:
        letter = DeadLetter(turn.id, "expired", turn.payload, now, turn.trace_id)
        responder.store.commit(moves.mark_dead(turn), Changes(dead_letter=letter))
    elif moves.open_chunk(turn) is None:
        park(turn, responder)
    else:
        # Parking would forget that a chunk is in doubt: it is looked up first, as ever.
        resumed = responder.store.commit(moves.resume(turn, responder.until(now)))
        return _advance(resumed, message, responder)
    return True
