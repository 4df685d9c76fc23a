"""The responder's use case: what was queued, dealt with once."""

import logging

from lib import trace
from lib.errors import GatewayError
from lib.model import DeliveryReport, InboundMessage, QueueDelivery, Turn, TurnState
from lib.queue.push import decode_push
from lib.turn import dead_letter, moves
from lib.turn.answer import answer
from lib.turn.apology import letter
from lib.turn.listening import settled
from lib.turn.parked import carry_on
from lib.turn.responder import Responder
from lib.turn.take import Busy, Done, Held, begin
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
    match begin(message, payload, responder):
        case Held(turn):
            return _advance(turn, message, responder)
        case Busy(turn):
            _log_seen(turn, "busy")
            return False
        case Done(turn):
            _log_seen(turn, "done")
            # The worker may have ended before it looked for failures.
            return turn.attempt == 1 or follow_up(turn, responder)


def _advance(turn: Turn, message: InboundMessage, responder: Responder) -> bool:
    if turn.state is not TurnState.THINKING:
        turn = carry_on(turn, responder)
    elif moves.is_expired(turn, responder.clock()):
        turn = _expire(turn, responder)
    else:
        turn = responder.deliver(answer(turn, message, responder), fresh=True)
    _log.info(
        "turn finished",
        extra={"state": turn.state, "chunks": len(turn.chunks), "attempt": turn.attempt},
    )
    return turn.attempt == 1 or follow_up(turn, responder)


def _expire(turn: Turn, responder: Responder) -> Turn:
    """Give a question up to which no answer could be sent any more."""
    turn = settled(turn, responder)
    lost = responder.stores.dead_letters.write(letter(turn, "expired", responder.clock()))
    return responder.stores.turns.commit(moves.mark_dead(turn), (lost,))


def _log_seen(turn: Turn, verdict: str) -> None:
    _log.info("message seen before", extra={"state": turn.state, "verdict": verdict})
