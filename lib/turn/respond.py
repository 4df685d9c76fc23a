"""The responder's use case: what was queued, dealt with once."""

import logging
from datetime import timedelta

from lib import trace
from lib.cancel_words import is_cancel_word
from lib.conversation.commands.parse import parse_command
from lib.conversation.erasure import is_erasure
from lib.errors import GatewayError, TurnTakenError
from lib.model import DeliveryReport, InboundMessage, QueueDelivery, Turn, TurnState
from lib.queue.push import decode_push
from lib.turn import chunks, dead_letter, moves
from lib.turn.answer import answer
from lib.turn.apology import letter
from lib.turn.parked import carry_on
from lib.turn.question import message_of
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
        if delivery.fast:
            return _respond_fast(queued, delivery.payload, responder)
        return _respond(queued, delivery.payload, responder)


def _respond_fast(message: InboundMessage, payload: str, responder: Responder) -> bool:
    """Respond to what overtook the others; put in line what means nothing here."""
    from lib.turn.cancelling import lease_of, of_fast_lane, stop  # noqa: PLC0415 - seldom needed

    # To opt out is answered in line, where nothing else writes to the session.
    stop(message, responder)
    meant = of_fast_lane(message, payload, responder.stores)
    if meant is None:
        responder.queue_again(message)
        _log.info("message queued behind others")
        return True
    return _respond(*meant, responder, lease_of(meant[0]))


def _respond(
    message: InboundMessage, payload: str, responder: Responder, lease: timedelta | None = None
) -> bool:
    match begin(message, payload, responder, lease):
        case Held(turn):
            return _work(turn, message, responder)
        case Busy(turn):
            _log_seen(turn, "busy")
            return False
        case Done(turn):
            _log_seen(turn, "done")
            # The worker may have ended before it did what is done last.
            return _end(turn, responder)


def _work(turn: Turn, message: InboundMessage, responder: Responder) -> bool:
    """Work on a turn in hand; one that its person stopped meanwhile is dealt with."""
    if turn.attempt > 1:
        message = _as_claimed(message, turn)
    try:
        return _advance(turn, message, responder)
    except TurnTakenError:
        stored = responder.stores.turns.find(turn.id)
        if stored is None or not stored.stopped_by or chunks.open_chunk(stored) is not None:
            raise
        _log.info("turn stopped by its person")
        _delete_media(stored, responder)
        return True


def _as_claimed(message: InboundMessage, turn: Turn) -> InboundMessage:
    """Return a message as it was meant when its turn began: some words have two meanings."""
    return message_of(turn) if is_cancel_word(message) else message


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
    is_dealt_with = _end(turn, responder)
    if is_erasure(parse_command(message)):
        from lib.turn.forgetting import begin_erasure  # noqa: PLC0415 - few are forgotten

        begin_erasure(turn, responder)
    return is_dealt_with


def _end(turn: Turn, responder: Responder) -> bool:
    """Do what is left where nothing is to be said any more; False if it must come again later."""
    _delete_media(turn, responder)
    return turn.attempt == 1 or follow_up(turn, responder)


def _delete_media(turn: Turn, responder: Responder) -> None:
    if responder.delete_medium is not None:
        from lib.turn.media_deletion import delete_media  # noqa: PLC0415 - off by default

        delete_media(turn, responder.delete_medium)


def _expire(turn: Turn, responder: Responder) -> Turn:
    """Give a question up to which no answer could be sent any more."""
    from lib.turn.settling import settled  # noqa: PLC0415 - few wait for a day

    turn = settled(turn, responder)
    lost = responder.stores.dead_letters.write(letter(turn, "expired", responder.clock()))
    return responder.stores.turns.commit(moves.mark_dead(turn), (lost,))


def _log_seen(turn: Turn, verdict: str) -> None:
    _log.info("message seen before", extra={"state": turn.state, "verdict": verdict})
