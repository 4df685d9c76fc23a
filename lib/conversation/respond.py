"""The responder's use case: one message, answered once."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from lib import trace
from lib.address import mask
from lib.conversation import turn as turns
from lib.conversation.decision import Decision, decide, give_up
from lib.conversation.history import history_of
from lib.conversation.sessions import open_session
from lib.conversation.turn import Verdict
from lib.errors import StoreError, TurnTakenError
from lib.model import (
    Changes,
    Conversation,
    DeadLetter,
    Delivery,
    InboundMessage,
    Session,
    Turn,
    TurnState,
)
from lib.ports import AssistantClient, Clock, Store, Typing, no_typing

MOST_ATTEMPTS = 5
"""A message whose answering failed this often for reasons of our own is given up."""

LONGEST_PAYLOAD = 100_000
"""Bytes kept of a push that is buried."""

_log = logging.getLogger(__name__)


class Deliver(Protocol):
    """The use case of the next stage, with its adapters already given."""

    def __call__(self, turn: Turn, *, payload: str, fresh: bool) -> Turn:
        """Send what is not sent yet. ``fresh``: this worker just opened the first chunk."""


@dataclass(frozen=True, slots=True)
class Responder:
    """Everything needed to answer: the adapters, by role."""

    store: Store
    clients: Mapping[str, AssistantClient]
    deliver: Deliver
    clock: Clock
    default_assistant_id: str
    typing: Typing = no_typing


def respond(delivery: Delivery, responder: Responder) -> bool:
    """Do what is left to do for a message; return False if it must be delivered again later.

    Raises:
        StoreError, SendError: it must be delivered again, too.
    """
    message = delivery.message
    with trace.following(message.trace_id):
        now = responder.clock()
        turn, ours = responder.store.claim(turns.start(message, now))
        if ours:
            _log.info("turn claimed")
            return _advance(turn, delivery, responder)
        verdict = turns.judge(turn, now)
        _log.info("message seen before", extra={"state": turn.state, "verdict": verdict.value})
        if verdict is Verdict.RESUME:
            _log.info("turn taken over", extra={"state": turn.state})
            return _advance(responder.store.commit(turns.resume(turn, now)), delivery, responder)
        if verdict is Verdict.EXPIRED:
            letter = _letter(delivery, "expired", now)
            responder.store.commit(turns.bury(turn), Changes(dead_letter=letter))
        return verdict is not Verdict.BUSY


def bury_push(body: bytes, reason: str, responder: Responder) -> None:
    """Keep a push as a dead letter: it cannot be read, or came again too often."""
    letter = DeadLetter(
        id=hashlib.sha256(body).hexdigest(),
        reason=reason,
        payload=body[:LONGEST_PAYLOAD].decode(errors="replace"),
        at=responder.clock(),
    )
    responder.store.bury(letter)
    _log.error("push buried", extra={"letter": letter.id, "reason": letter.reason})


def _advance(turn: Turn, delivery: Delivery, responder: Responder) -> bool:
    fresh = turn.state is TurnState.THINKING
    if fresh:
        turn = _answer_or_release(turn, delivery, responder)
    turn = responder.deliver(turn, payload=delivery.payload, fresh=fresh)
    _log.info(
        "turn settled",
        extra={"state": turn.state, "chunks": len(turn.chunks), "attempt": turn.attempt},
    )
    return True


def _answer_or_release(turn: Turn, delivery: Delivery, responder: Responder) -> Turn:
    try:
        return _answer(turn, delivery, responder)
    except TurnTakenError:
        raise
    except Exception:
        # Whatever went wrong, the next delivery should not wait for the lease to run out.
        _release(turn, responder)
        raise


def _release(turn: Turn, responder: Responder) -> None:
    try:
        responder.store.commit(turns.release(turn, responder.clock()))
    except StoreError:
        _log.warning("turn not released; its lease will run out")


def _answer(turn: Turn, delivery: Delivery, responder: Responder) -> Turn:
    message = delivery.message
    conversation = responder.store.conversation(message.address, message.user_id)
    started = responder.clock()
    session = open_session(conversation, message, responder.default_assistant_id, started)
    exhausted = turn.attempt > MOST_ATTEMPTS
    if exhausted:
        decision = give_up(session)
    else:
        decision = decide(
            message,
            conversation,
            session,
            responder.clients,
            responder.default_assistant_id,
            responder.typing,
        )
    now = responder.clock()
    letter = _letter(delivery, "answering_failed", now) if exhausted else None
    changes = _changes(message, conversation, decision, letter, now)
    turn = replace(turn, contact=conversation.contact)
    answered = responder.store.commit(turns.answer(turn, decision.chunks, now), changes)
    _log_answer(decision, session, started, now)
    return answered


def _changes(
    message: InboundMessage,
    conversation: Conversation,
    decision: Decision,
    letter: DeadLetter | None,
    now: datetime,
) -> Changes:
    unlinked = message.user_id and not conversation.linked
    return Changes(
        session=decision.session,
        alias=(message.user_id, conversation.contact) if unlinked else None,
        history=history_of(message, decision, now),
        dead_letter=letter,
    )


def _letter(delivery: Delivery, reason: str, now: datetime) -> DeadLetter:
    message = delivery.message
    return DeadLetter(message.id, reason, delivery.payload, now, message.trace_id)


def _log_answer(
    decision: Decision, session: Session, started: datetime, answered: datetime
) -> None:
    _log.info(
        "answer stored",
        extra={
            "kind": decision.kind,
            "assistant_id": decision.session.assistant_id,
            "contact": mask(session.contact),
            "chunks": len(decision.chunks),
            "elapsed_ms": round((answered - started).total_seconds() * 1000),
        },
    )
