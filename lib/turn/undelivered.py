"""The use case for a chunk that was taken and then failed on its way: act by the cause."""

import logging

from lib.model import ChunkState, DeliveryReport, DeliveryState, FailureCause, Turn, TurnState
from lib.ports.documents import Write
from lib.storage.stores.sessions import unreachable_write
from lib.turn import chunks, moves, reports
from lib.turn.apology import apologise, letter
from lib.turn.moves import Verdict
from lib.turn.parked import carry_on, park, session_of
from lib.turn.reports import Effect
from lib.turn.responder import Responder
from lib.turn.take import Held, take

_log = logging.getLogger(__name__)


def handle_report(report: DeliveryReport, responder: Responder) -> bool:
    """Act on a failed send; return False if the report must be handed over again later.

    Reports come through the queue, behind the message they belong to: so its turn is stored,
    and as a rule nobody else is working on it.

    Raises:
        StoreError, SendError: it must be handed over again, too.
    """
    turn_id = responder.stores.deliveries.owners([report.sid]).get(report.sid, "")
    turn = responder.stores.turns.find(turn_id) if turn_id else None
    if turn is None:
        _log.warning("delivery failure without a turn", extra={"sid": report.sid})
        _learn(report, responder)
        return True
    if moves.judge(turn, responder.clock()) is Verdict.BUSY:
        return False
    if turn.state is TurnState.THINKING:
        # The answer is not whole: who takes the turn over acts on it behind that.
        _log.info("delivery failure of a part that left early", extra={"sid": report.sid})
        return True
    if turn.state is TurnState.ANSWERED and chunks.open_chunk(turn) is not None:
        # No move may forget that a chunk is in doubt: it is looked up first, as ever.
        turn = _carry_on(turn, responder)
    known = responder.stores.deliveries.find(report.sid)
    asked = reports.effect(turn, report, known)
    facts = {"sid": report.sid, "error_code": report.error_code, "cause": report.cause}
    if asked is Effect.NONE:
        _log.info("delivery failure ignored", extra=facts | {"known": known.state.value})
    else:
        _log.warning("chunk not delivered", extra=facts | {"effect": asked.value})
    return _act(asked, turn, report, responder)


def _learn(report: DeliveryReport, responder: Responder) -> None:
    """Keep what is known by a failure of something that answers nobody."""
    if report.cause is FailureCause.CONTACT:
        from lib.turn.opting_out import learn  # noqa: PLC0415 - seldom needed

        learn(report, responder.clock(), responder.stores)


def follow_up(turn: Turn, responder: Responder) -> bool:
    """Act on failures of a turn whose reports came before it was known whose they are.

    Returns False if there is something left to be done later.

    Raises:
        StoreError, SendError: the same.
    """
    for chunk in turn.chunks:
        if chunk.state is not ChunkState.SENT:
            continue
        report = responder.stores.deliveries.find(chunk.sid)
        if report.state is DeliveryState.FAILED and not handle_report(report, responder):
            return False
    return True


def _act(asked: Effect, turn: Turn, report: DeliveryReport, responder: Responder) -> bool:
    match asked:
        case Effect.NONE:
            if turn.state is TurnState.ANSWERED:
                _carry_on(turn, responder)
        case Effect.NOTE:
            _note(turn, report, responder)
        case Effect.PARK:
            return _park(turn, report, responder)
        case Effect.SEND_AGAIN:
            return _send_again(turn, report, responder)
        case Effect.DEAD_LETTER:
            _dead_letter(turn, report, responder)
        case Effect.GIVE_UP:
            _give_up(turn, report, responder)
    return True


def _note(turn: Turn, report: DeliveryReport, responder: Responder) -> None:
    # What is said of the person holds, whatever becomes of the chunk.
    writes = _revoked(turn, report, responder)
    left = responder.stores.turns.commit(chunks.drop(turn, report.sid), writes)
    if left.state is TurnState.ANSWERED:
        _carry_on(left, responder)


def _park(turn: Turn, report: DeliveryReport, responder: Responder) -> bool:
    """Let the answer wait for the person, who may have written since it was sent."""
    if turn.state is not TurnState.PARKED and _has_written_since(turn, report, responder):
        _log.info("the person has written since")
        return _send_again(turn, report, responder)
    park(turn, responder, report.sid)
    return True


def _has_written_since(turn: Turn, report: DeliveryReport, responder: Responder) -> bool:
    """Whether the window was opened anew after the chunk was sent: then it is worth a try."""
    chunk = chunks.sent_chunk(turn, report.sid)
    if chunk is None or chunk.opened_at is None or not chunks.may_fail_again(chunk):
        return False
    session = session_of(turn, responder.stores.conversations)
    return session is not None and (session.wrote_at or chunk.opened_at) > chunk.opened_at


def _send_again(turn: Turn, report: DeliveryReport, responder: Responder) -> bool:
    responder.stores.turns.commit(moves.fail(turn, report.sid, responder.clock()))
    return False


def _carry_on(turn: Turn, responder: Responder) -> Turn:
    """Go on with an answered turn where the worker left off that let go of it."""
    taken = take(turn, responder)
    return carry_on(taken.turn, responder) if isinstance(taken, Held) else taken.turn


def _dead_letter(turn: Turn, report: DeliveryReport, responder: Responder) -> None:
    lost = report.cause is FailureCause.CONTACT
    if not lost:
        _log.critical("sends fail until an operator acts", extra={"code": report.error_code})
    letters = responder.stores.dead_letters
    given_up = letters.write(letter(turn, _reason(report), responder.clock()))
    writes: tuple[Write, ...] = (given_up,)
    if lost:
        unreachable = unreachable_write(turn.contact, report.error_code)
        writes = (given_up, unreachable, *_revoked(turn, report, responder))
    responder.stores.turns.commit(moves.mark_dead(turn, report.sid), writes)


def _revoked(turn: Turn, report: DeliveryReport, responder: Responder) -> tuple[Write, ...]:
    """What is kept where a failure says that its person wants no more messages."""
    if report.cause is not FailureCause.CONTACT:
        return ()
    from lib.turn.opting_out import revoked_writes  # noqa: PLC0415 - seldom needed

    stores, now = responder.stores, responder.clock()
    return revoked_writes(turn, report.error_code, report.sid, now, stores)


def _give_up(turn: Turn, report: DeliveryReport, responder: Responder) -> None:
    now = responder.clock()
    known = responder.stores.conversations
    moved = apologise(turn, known, now, responder.until(now), report.sid)
    lost = responder.stores.dead_letters.write(letter(turn, _reason(report), now))
    responder.deliver(responder.stores.turns.commit(moved, (lost,)), fresh=True)


def _reason(report: DeliveryReport) -> str:
    return f"undelivered {report.error_code}".rstrip()
