"""Storing what is said to a message, with all that is kept beside it, before any of it is sent."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from lib.address import mask
from lib.conversation.moment import Outcome
from lib.errors import StoreError
from lib.model import Session, Turn
from lib.reply import texts
from lib.reply.phrase import Phrase
from lib.turn import moves
from lib.turn.apology import letter
from lib.turn.chunks import is_part_in_doubt
from lib.turn.question import without_words
from lib.turn.responder import Responder
from lib.turn.size import enclosable, fitting

_log = logging.getLogger(__name__)


def store(
    turn: Turn, outcome: Outcome, reason: str, started: datetime, responder: Responder
) -> Turn:
    """Store a turn with its reply and open its first chunk; one commit.

    With a ``reason`` the reply is an apology, and the message a dead letter. ``started`` is when
    somebody began to decide about it.

    Raises:
        TurnTakenError, StoreError: it is not this worker's any more, or may not be stored.
    """
    now = responder.clock()
    given_up = bool(reason and outcome.chunks)
    say = partial(_said, turn, responder)
    told, rest = turn, outcome.chunks
    if turn.chunks:
        from lib.turn.rest import completed  # noqa: PLC0415 - few answers begin early

        told, rest = completed(turn, outcome, say, responder.enclosing, whole=not given_up)
    said = [chunk.text for chunk in told.chunks]
    asked = "".join((turn.payload, *turn.parts, *(one.transcript.text for one in turn.heard)))
    enclosed = () if given_up else enclosable(outcome.enclosed)
    whole = fitting((*said, *rest), asked, texts.SHORTENED, enclosed)
    # Where an answer is shortened, one of them is a sentence of ours.
    left = tuple(map(say, whole[len(said) :]))
    until = _settled_at(now, responder) if is_part_in_doubt(turn) else responder.until(now)
    moved = replace(
        moves.answer(told, left, now, until, outcome.menu, enclosed),
        apologised=given_up,
        assistant_id=outcome.assistant_id,
        answered_at=now,
        tokens=outcome.tokens,
        cost=outcome.cost,
    )
    if outcome.forgets:
        moved = replace(moved, payload=without_words(turn), parts=())
    writes = list(outcome.writes)
    if outcome.session is not None:
        writes.append(responder.stores.sessions.write(_touched(outcome, outcome.session, now)))
    if given_up:
        writes.append(responder.stores.dead_letters.write(letter(turn, reason, now)))
    answered = responder.stores.turns.commit(moved, tuple(writes))
    _log_stored(outcome, _ms(now - started), _ms(now - turn.created_at))
    return answered


def _said(turn: Turn, responder: Responder, text: str) -> str:
    """Return a sentence of ours as the person of a turn is told it, and any other text as it is."""
    if not isinstance(text, Phrase):
        return text
    from lib.turn.translation import said_to  # noqa: PLC0415 - few answers have any

    return said_to(turn, text, responder.stores.conversations)


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def _touched(outcome: Outcome, session: Session, now: datetime) -> Session:
    """Return the session with the time of the last answer: what came before waited for it."""
    return replace(session, answered_at=now) if outcome.assistant_id else session


def _log_stored(outcome: Outcome, elapsed_ms: int, whole_ms: int) -> None:
    if outcome.session is not None and outcome.kind:
        facts = {
            "kind": outcome.kind,
            "assistant_id": outcome.session.assistant_id,
            "contact": mask(outcome.session.contact),
            "chunks": len(outcome.chunks) + len(outcome.enclosed),
            "elapsed_ms": elapsed_ms,
            "whole_ms": whole_ms,
        }
        _log.info("answer stored", extra=facts)


def _settled_at(now: datetime, responder: Responder) -> datetime:
    """When it can be looked up what became of a send that was begun before."""
    return now + responder.dispatch.settling if responder.dispatch else now


def release(turn: Turn, responder: Responder) -> None:
    """Let go of a turn after something went wrong, so that nobody waits for its lease."""
    now = responder.clock()
    until = _settled_at(now, responder) if is_part_in_doubt(turn) else now
    try:
        responder.stores.turns.commit(moves.release(turn, until))
    except StoreError:
        _log.warning("turn not released; its lease will run out")
