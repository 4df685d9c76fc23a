"""The use case for what the queue gives up: kept as a dead letter, and the person is told."""

import hashlib
import logging

from lib import trace
from lib.errors import DocumentError, EnvelopeError, TurnTakenError
from lib.model import DeadLetter, InboundMessage, QueueDelivery, TurnState
from lib.queue.push import decode_push
from lib.turn import moves
from lib.turn.answer import answer
from lib.turn.apology import apologise, letter
from lib.turn.chunks import first_unsent, without_voice
from lib.turn.responder import Responder
from lib.turn.take import Busy, Held, begin
from lib.turn.undelivered import handle_report

LONGEST_PAYLOAD = 100_000
"""Bytes kept of a push that cannot be read."""

_log = logging.getLogger(__name__)


def give_up(body: bytes, reason: str, responder: Responder) -> None:
    """Settle the turn of a push that came too often, or keep a push that cannot be read.

    A report is acted upon a last time: what it says of a turn is never lost.

    Raises:
        TurnTakenError: a worker is at it at this moment.
        StoreError, SendError: it must be handed over again.
    """
    try:
        delivery = decode_push(body)
    except EnvelopeError as error:
        keep(body, f"{error.code}: {error}", responder)
        return
    with trace.following(delivery.item.trace_id):
        try:
            _settle(delivery, reason, responder)
        except DocumentError as error:
            # Its turn cannot be read: nobody knows whether it was answered.
            keep(body, f"{error.code}: {error}", responder)


def keep(body: bytes, reason: str, responder: Responder) -> None:
    """Keep a push that nobody can act on, once."""
    unread = DeadLetter(
        id=hashlib.sha256(body).hexdigest(),
        reason=reason,
        payload=body[:LONGEST_PAYLOAD].decode(errors="replace"),
        at=responder.clock(),
    )
    responder.stores.dead_letters.keep(unread)
    _log.error("push dead-lettered", extra={"letter": unread.id, "reason": unread.reason})


def _settle(delivery: QueueDelivery, reason: str, responder: Responder) -> None:
    queued = delivery.item
    if isinstance(queued, InboundMessage):
        _log.error("message given up", extra={"reason": reason})
        _give_up(queued, delivery.payload, reason, responder)
        return
    _log.error("report given up", extra={"reason": reason, "sid": queued.sid})
    if not handle_report(queued, responder):
        raise TurnTakenError("the turn is being worked on, or waits for its next try")


def _give_up(message: InboundMessage, payload: str, reason: str, responder: Responder) -> None:
    match begin(message, payload, responder):
        case Held(turn) if turn.state is TurnState.THINKING:
            responder.deliver(answer(turn, message, responder, reason), fresh=True)
        case Held(turn) if turn.stopped_by:
            responder.deliver(turn, fresh=False)
        case Held(turn) if first_unsent(without_voice(turn)) is None:
            now = responder.clock()
            done = moves.open_next(without_voice(turn), now, responder.until(now))
            responder.stores.turns.commit(done)
        case Held(turn):
            now = responder.clock()
            known = responder.stores.conversations
            moved = apologise(turn, known, now, responder.until(now))
            lost = responder.stores.dead_letters.write(letter(turn, reason, now))
            responder.deliver(responder.stores.turns.commit(moved, (lost,)), fresh=True)
        case Busy():
            raise TurnTakenError("a worker is at it")
