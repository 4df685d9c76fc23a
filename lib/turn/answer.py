"""Answering: from a turn in hand to one whose reply is stored and whose first chunk is open."""

import logging
from contextlib import closing
from dataclasses import replace
from functools import partial

from lib.conversation.consent import Purpose, may_write_first
from lib.conversation.converse import converse
from lib.conversation.moment import Outcome
from lib.conversation.steps import GIVING_UP
from lib.errors import SendInDoubtError, TurnTakenError
from lib.model import Conversation, InboundMessage, Turn
from lib.turn.chunks import is_part_in_doubt, open_chunk
from lib.turn.lease import KeptTurn
from lib.turn.listening import Voice
from lib.turn.parked import deliver_parked
from lib.turn.question import joined, messages_of
from lib.turn.responder import Responder
from lib.turn.store import release, store

MOST_ATTEMPTS = 20
"""A message whose answering failed this often for reasons of our own is given up.

Most of them are crashes, which may be no fault of the message: another one may have caused them.
"""

_log = logging.getLogger(__name__)


def answer(
    turn: Turn,
    message: InboundMessage,
    responder: Responder,
    reason: str = "",
    *,
    done: str = "",
    ahead: bool = False,
) -> Turn:
    """Return the turn with its reply stored, or as one that waits for more of its question.

    With a ``reason`` the reply is an apology and the message becomes a dead letter. Whatever
    goes wrong, the turn is let go of, so that the next delivery need not wait for its lease.
    ``done`` is a turn that waited, and waits no longer, whatever the session says. ``ahead`` is
    whether this is done for a later message, which has to find the turn named in the session as
    long as that is not sent.

    Raises:
        SendInDoubtError: a part that left early is in doubt. What is stored is delivered when the
            message comes again.
    """
    if not reason and turn.attempt > MOST_ATTEMPTS:
        reason = "answering_failed"
    started = responder.clock()
    if open_chunk(turn) is not None:
        from lib.turn.settling import settled  # noqa: PLC0415 - few are taken over

        turn = settled(turn, responder)
    kept = None
    try:
        with responder.keeper.keeping(turn) as kept:
            person = _person(message, done, responder)
            outcome = _decided(kept, message, person, responder, given_up=bool(reason))
        left = replace(kept.turn, contact=person.contact)
        if outcome.burst is None:
            if ahead and outcome.session is not None:
                outcome = replace(outcome, session=replace(outcome.session, held=turn.id))
            answered = store(left, outcome, reason, started, responder)
    except TurnTakenError:
        raise
    except Exception:
        release(kept.turn if kept else turn, responder)
        raise
    if outcome.burst is None:
        return _settle(answered, left)
    from lib.turn.joining import join  # noqa: PLC0415 - it answers, too; and only where it is wanted

    return join(left, message, outcome, outcome.burst, responder)


def _person(message: InboundMessage, done: str, responder: Responder) -> Conversation:
    known = responder.stores.conversations
    person = known.read(message.address, message.user_id, message.id)
    if person.forgotten is not None and person.forgotten.erasure:
        from lib.turn.forgetting import erased  # noqa: PLC0415 - few are forgotten

        if erased(person.forgotten.erasure, responder):
            person = known.read(message.address, message.user_id, message.id)
    if not done or person.session is None or person.session.held != done:
        return person
    return replace(person, session=replace(person.session, held=""))


def _decided(
    kept: KeptTurn,
    message: InboundMessage,
    person: Conversation,
    responder: Responder,
    *,
    given_up: bool,
) -> Outcome:
    """Decide about a turn in hand, with a voice for what may be said meanwhile."""
    if not may_write_first(person, Purpose.OWED):
        # They get the answer that they asked for, and no other message.
        responder = replace(responder, note_after=0.0)
    with closing(Voice(kept, person, message, responder)) as voice:
        tools = replace(responder, listen=voice.listener, stop=kept.stop, hearing=voice.hearing)
        return _outcome(kept.turn, message, person, tools, given_up=given_up)


def _settle(answered: Turn, left: Turn) -> Turn:
    """Return an answered turn unless a part of it is in doubt, which is looked up when it is time.

    Raises:
        SendInDoubtError: it is.
    """
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
    if person.forgotten is not None and message.received_at < person.forgotten.before:
        from lib.conversation.erasure import begun_anew  # noqa: PLC0415 - few are forgotten

        _log.info("message of somebody who was forgotten")
        return Outcome("", None, writes=begun_anew(message, person, person.forgotten, responder))
    if person.repeated and turn.attempt == 1:
        _log.warning("message answered long ago")
        return Outcome("", None)
    talk = _talk(turn, message, responder)
    if given_up:
        return talk(person, steps=GIVING_UP)
    outcome = talk(person)
    if not outcome.waiting:
        return outcome
    return _after_parked(outcome.waiting, talk, person, responder)


def _talk(turn: Turn, message: InboundMessage, responder: Responder) -> "partial[Outcome]":
    """Return the conversation about all that is the question of a turn, yet without its person."""
    # What is tried again was delayed enough: it waits for nothing, and is added to nothing.
    tools = responder if turn.attempt == 1 else replace(responder, joins=False)
    if not turn.parts:
        return partial(converse, message, tools=tools)
    parts = messages_of(turn)
    return partial(converse, joined(parts), tools=tools, parts=parts)


def _after_parked(
    waiting: tuple[str, ...], talk: "partial[Outcome]", person: Conversation, responder: Responder
) -> Outcome:
    """Send the answers that waited, each a turn of its own; then decide about the message itself.

    A worker that ends before that is stored leaves the list as it was: what is on it and was sent
    is done.
    """
    left = deliver_parked(waiting, responder)
    session = person.session and replace(person.session, parked=())
    outcome = talk(replace(person, session=session))
    kept = outcome.session and replace(outcome.session, parked=left)
    return replace(outcome, session=kept)
