"""Answering: from a turn in hand to one whose reply is stored and whose first chunk is open."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from lib.address import mask
from lib.conversation.converse import converse
from lib.conversation.moment import Outcome
from lib.conversation.steps import GIVING_UP
from lib.errors import SendInDoubtError, StoreError, TurnTakenError
from lib.model import Conversation, InboundMessage, Turn
from lib.reply import texts
from lib.storage.stores.sessions import session_write
from lib.turn import moves
from lib.turn.apology import letter
from lib.turn.chunks import is_part_in_doubt
from lib.turn.listening import completed, listening, settled
from lib.turn.parked import deliver_parked
from lib.turn.responder import Responder
from lib.turn.size import fitting

MOST_ATTEMPTS = 20
"""A message whose answering failed this often for reasons of our own is given up.

Most of them are crashes, which may be no fault of the message: another one may have caused them.
"""

_log = logging.getLogger(__name__)


def answer(turn: Turn, message: InboundMessage, responder: Responder, reason: str = "") -> Turn:
    """Return the turn with its reply stored.

    With a ``reason`` the reply is an apology and the message becomes a dead letter. Whatever
    goes wrong, the turn is let go of, so that the next delivery need not wait for its lease.

    Raises:
        SendInDoubtError: a part that left early is in doubt. What is stored is delivered when the
            message comes again.
    """
    if not reason and turn.attempt > MOST_ATTEMPTS:
        reason = "answering_failed"
    started = responder.clock()
    turn = settled(turn, responder)
    kept = None
    try:
        with responder.keeper.keeping(turn) as kept:
            known = responder.stores.conversations
            person = known.read(message.address, message.user_id, message.id)
            with listening(kept, person.contact, responder) as tools:
                outcome = _outcome(turn, message, person, tools, given_up=bool(reason))
        left = replace(kept.turn, contact=person.contact)
        answered = _store(left, outcome, reason, started, responder)
    except TurnTakenError:
        raise
    except Exception:
        _release(kept.turn if kept else turn, responder)
        raise
    if is_part_in_doubt(left):
        raise SendInDoubtError("a part that left early is in doubt")
    return answered


def _outcome(
    turn: Turn,
    message: InboundMessage,
    person: Conversation,
    responder: Responder,
    *,
    given_up: bool,
) -> Outcome:
    if person.repeated and turn.attempt == 1:
        _log.warning("message answered long ago")
        return Outcome("", None)
    if given_up:
        return converse(message, person, responder, GIVING_UP)
    outcome = converse(message, person, responder)
    if not outcome.waiting:
        return outcome
    return _after_parked(outcome.waiting, message, person, responder)


def _after_parked(
    waiting: tuple[str, ...], message: InboundMessage, person: Conversation, responder: Responder
) -> Outcome:
    """Send the answers that waited, each a turn of its own; then decide about the message itself.

    A worker that ends before that is stored leaves the list as it was: what is on it and was sent
    is done.
    """
    left = deliver_parked(waiting, responder)
    session = person.session and replace(person.session, parked=())
    outcome = converse(message, replace(person, session=session), responder)
    kept = outcome.session and replace(outcome.session, parked=left)
    return replace(outcome, session=kept)


def _store(
    turn: Turn, outcome: Outcome, reason: str, started: datetime, responder: Responder
) -> Turn:
    now = responder.clock()
    given_up = bool(reason and outcome.chunks)
    told, rest = completed(turn, outcome, whole=not given_up)
    said = [chunk.text for chunk in told.chunks]
    whole = fitting((*said, *rest), turn.payload, texts.SHORTENED)
    until = _settled_at(now, responder) if is_part_in_doubt(turn) else responder.until(now)
    moved = replace(
        moves.answer(told, whole[len(said) :], now, until, outcome.menu),
        apologised=given_up,
        assistant_id=outcome.assistant_id,
        answered_at=now,
        tokens=outcome.tokens,
    )
    writes = list(outcome.writes)
    if outcome.session is not None:
        writes.append(session_write(outcome.session))
    if given_up:
        writes.append(responder.stores.dead_letters.write(letter(turn, reason, now)))
    answered = responder.stores.turns.commit(moved, tuple(writes))
    _log_stored(outcome, _ms(now - started), _ms(now - turn.created_at))
    return answered


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def _log_stored(outcome: Outcome, elapsed_ms: int, whole_ms: int) -> None:
    if outcome.session is not None and outcome.kind:
        facts = {
            "kind": outcome.kind,
            "assistant_id": outcome.session.assistant_id,
            "contact": mask(outcome.session.contact),
            "chunks": len(outcome.chunks),
            "elapsed_ms": elapsed_ms,
            "whole_ms": whole_ms,
        }
        _log.info("answer stored", extra=facts)


def _settled_at(now: datetime, responder: Responder) -> datetime:
    """When it can be looked up what became of a send that was begun before."""
    return now + responder.dispatch.settling if responder.dispatch else now


def _release(turn: Turn, responder: Responder) -> None:
    now = responder.clock()
    until = _settled_at(now, responder) if is_part_in_doubt(turn) else now
    try:
        responder.stores.turns.commit(moves.release(turn, until))
    except StoreError:
        _log.warning("turn not released; its lease will run out")
