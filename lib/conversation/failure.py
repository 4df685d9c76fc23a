"""The use case for a chunk that was taken and then failed on its way: act by the cause."""

import logging

from lib.conversation import turn as turns
from lib.conversation.parked import park
from lib.conversation.responder import Responder
from lib.conversation.turn import Verdict
from lib.model import Changes, Chunk, DeadLetter, DeliveryReport, FailureCause, Turn
from lib.reply import texts

_log = logging.getLogger(__name__)


def heed(report: DeliveryReport, responder: Responder) -> bool:
    """Act on a failed send; return False if the report must be handed over again later.

    Reports come through the queue, behind the message they belong to: so its turn is stored,
    and nobody else is working on it.

    Raises:
        StoreError, SendError: it must be handed over again, too.
    """
    turn_id = responder.store.owners([report.sid]).get(report.sid, "")
    turn = responder.store.turn(turn_id) if turn_id else None
    if turn is None:
        _log.warning("failed send of no turn", extra={"sid": report.sid})
        return True
    chunk = turns.sent_chunk(turn, report.sid)
    if chunk is None:
        return _carry_on(turn, responder)
    if turns.judge(turn, responder.clock()) is Verdict.BUSY:
        return False
    facts = {"sid": report.sid, "error_code": report.error_code, "cause": report.cause}
    _log.warning("chunk failed on its way", extra=facts)
    return _act(turn, chunk, report, responder)


def _carry_on(turn: Turn, responder: Responder) -> bool:
    """Go on where an earlier hand-over of the same report left off."""
    now = responder.clock()
    verdict = turns.judge(turn, now)
    if verdict is Verdict.RESUME:
        resumed = responder.store.commit(turns.resume(turn, responder.until(now)))
        responder.deliver(resumed, fresh=False)
    return verdict is not Verdict.BUSY


def _act(turn: Turn, chunk: Chunk, report: DeliveryReport, responder: Responder) -> bool:
    match report.cause:
        case FailureCause.WINDOW:
            park(turn, responder, report.sid)
        case FailureCause.TEMPORARY if chunk.failures < turns.MOST_FAILURES:
            responder.store.commit(turns.fail(turn, report.sid, responder.clock()))
            return False
        case FailureCause.CONTACT:
            _bury(turn, report, responder)
        case FailureCause.CONFIGURATION:
            _log.critical("sends fail until an operator acts", extra={"code": report.error_code})
            _bury(turn, report, responder)
        case _:
            _apologise(turn, report, responder)
    return True


def _bury(turn: Turn, report: DeliveryReport, responder: Responder) -> None:
    lost = report.cause is FailureCause.CONTACT
    changes = Changes(
        dead_letter=_letter(turn, report, responder),
        unreachable=(turn.contact, report.error_code) if lost else None,
    )
    responder.store.commit(turns.bury(turn, report.sid), changes)


def _apologise(turn: Turn, report: DeliveryReport, responder: Responder) -> None:
    if turn.apologised:
        _bury(turn, report, responder)
        return
    now = responder.clock()
    apology = turns.apologise(turn, texts.PART_LOST, now, responder.until(now), report.sid)
    changes = Changes(dead_letter=_letter(turn, report, responder))
    responder.deliver(responder.store.commit(apology, changes), fresh=True)


def _letter(turn: Turn, report: DeliveryReport, responder: Responder) -> DeadLetter:
    reason = f"undelivered {report.error_code}".rstrip()
    return DeadLetter(turn.id, reason, turn.payload, responder.clock(), turn.trace_id)
