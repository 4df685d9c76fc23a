"""Answering: from a claimed turn to one whose reply is stored and whose first chunk is open."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from lib.address import is_phone, mask
from lib.conversation import consent
from lib.conversation.commands import parse_command
from lib.conversation.decision import Decision, Means, decide, give_up, ignore, slow_down
from lib.conversation.history import history_of
from lib.conversation.limits import Admission, admit, budget
from lib.conversation.quotes import quote_of
from lib.conversation.sessions import open_session
from lib.errors import StoreError, TurnTakenError
from lib.model import Changes, Conversation, DeadLetter, InboundMessage, Session, Turn
from lib.reply import texts
from lib.turn import moves
from lib.turn.parked import deliver_parked
from lib.turn.responder import Responder
from lib.turn.size import fitting

MOST_ATTEMPTS = 20
"""A message whose answering failed this often for reasons of our own is given up.

Most of them are crashes, which may be no fault of the message: another one may have caused them.
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Reply:
    """What was decided, from what, and since when."""

    conversation: Conversation
    decision: Decision
    started: datetime


def answer(turn: Turn, message: InboundMessage, responder: Responder, reason: str = "") -> Turn:
    """Return the turn with its reply stored.

    With a ``reason`` the reply is an apology and the message becomes a dead letter. Whatever
    goes wrong, the turn is let go of, so that the next delivery need not wait for its lease.
    """
    if not reason and turn.attempt > MOST_ATTEMPTS:
        reason = "answering_failed"
    kept = None
    try:
        with responder.keeper.keeping(turn) as kept:
            reply = _reply(turn, message, responder, given_up=bool(reason))
        return _store(kept.turn, message, reply, reason, responder)
    except TurnTakenError:
        raise
    except Exception:
        _release(kept.turn if kept else turn, responder)
        raise


def _reply(
    turn: Turn, message: InboundMessage, responder: Responder, *, given_up: bool
) -> _Reply | Changes:
    """Decide what to say; or what to keep of a message that gets no answer."""
    conversation = responder.store.conversation(message.address, message.user_id, message.id)
    if conversation.repeated and turn.attempt == 1:
        _log.warning("message answered long ago")
        return Changes()
    if conversation.names & responder.limits.blocked:
        _log.info("message not admitted", extra={"address": mask(message.address)})
        return _shown_names(message, conversation)
    if conversation.former is not None:
        _log.warning("number has a new owner", extra={"address": mask(message.address)})
    now = responder.clock()
    session = open_session(conversation, message, responder.default_assistant.id, now)
    command = parse_command(message)
    session = consent.noted(session, command)
    if not consent.is_stop(command):
        session = deliver_parked(session, responder)
    if given_up:
        return _Reply(conversation, give_up(session), now)
    per_minute = responder.limits.messages_per_minute
    usage, admission = admit(session.usage, message.received_at, per_minute)
    session = replace(session, usage=usage)
    match admission:
        case Admission.WARNED:
            decision = slow_down(session)
        case Admission.IGNORED:
            decision = ignore(session)
        case _:
            quote = partial(quote_of, message, conversation, responder.store)
            means = _means(turn, responder, now, quote)
            decision = decide(message, conversation, session, means)
    return _Reply(conversation, decision, now)


def _means(turn: Turn, responder: Responder, now: datetime, quote: Callable[[], str]) -> Means:
    return Means(
        clients=responder.clients,
        default=responder.default_assistant,
        typing=responder.typing,
        budget=budget(responder.limits, responder.store, turn.id, now),
        quote=quote,
    )


def _store(
    turn: Turn, message: InboundMessage, reply: _Reply | Changes, reason: str, responder: Responder
) -> Turn:
    now = responder.clock()
    until = responder.until(now)
    if isinstance(reply, Changes):
        return responder.store.commit(moves.answer(turn, (), now, until), reply)
    decision, conversation = reply.decision, reply.conversation
    letter = DeadLetter(turn.id, reason, turn.payload, now, turn.trace_id) if reason else None
    changes = Changes(
        session=decision.session,
        alias=_alias(message, conversation),
        history=history_of(message, decision, now),
        dead_letter=letter,
        former=conversation.former,
    )
    turn = replace(turn, contact=conversation.contact, apologised=bool(reason))
    chunks = fitting(decision.chunks, turn.payload, texts.SHORTENED)
    answered = responder.store.commit(moves.answer(turn, chunks, now, until), changes)
    _log_answer(decision, decision.session, reply.started, now)
    return answered


def _alias(message: InboundMessage, conversation: Conversation) -> tuple[str, str] | None:
    """The business-scoped id that a message shows, and its contact, unless that is known."""
    unlinked = message.user_id and not conversation.linked
    return (message.user_id, conversation.contact) if unlinked else None


def _shown_names(message: InboundMessage, conversation: Conversation) -> Changes:
    """What a message tells of who its sender is: a block holds under a name seen once."""
    known = conversation.session
    is_new = known is not None and is_phone(message.address) and not known.phone_number
    session = replace(known, phone_number=message.address) if known and is_new else None
    return Changes(session=session, alias=_alias(message, conversation))


def _release(turn: Turn, responder: Responder) -> None:
    try:
        responder.store.commit(moves.release(turn, responder.clock()))
    except StoreError:
        _log.warning("turn not released; its lease will run out")


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
