"""Joining: a turn that waits for what belongs to its question, and messages added to it.

A turn that waits is ``HELD``, and its person's session names it. Its message is queued again,
behind all that came meanwhile. Whoever is handed a message whose turn is held answers it, be it the
message queued again, a redelivery, or what the tick queued: so nothing depends on who survives.

A message is added by one commit, on the condition that the turn it is added to is still the one
that was read: it leaves ``HELD`` before anybody is asked, and nothing is added to it after that.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from lib import trace
from lib.conversation.joining import Burst
from lib.conversation.moment import Outcome
from lib.errors import DocumentError, EnvelopeError, StoreError, TurnTakenError
from lib.model import SETTLED, InboundMessage, Turn, TurnState
from lib.ports.documents import Write
from lib.storage.stores.turns import turn_write
from lib.turn import moves
from lib.turn.answer import answer
from lib.turn.parked import carry_on
from lib.turn.question import joined, messages_of
from lib.turn.responder import Responder
from lib.turn.store import release
from lib.turn.take import Busy, Held, take

PAUSE = 0.8
"""Seconds in which more is likely to come after a few words without an end."""

MOST_MESSAGES = 10
"""Of one question."""

MOST_BYTES = 8_192
"""Of the words of one question, in UTF-8."""

MOST_QUEUED_BYTES = 65_536
"""Of its messages as they were queued, with all that is no word: the turn is one document."""

LONGEST = timedelta(hours=1)
"""Nothing is added to a question any later: it must be answered within a day (``is_expired``)."""

LONGEST_WRITE = timedelta(seconds=20)
"""With less of the lease left, nothing is added: the turn may be somebody else's meanwhile."""

_log = logging.getLogger(__name__)


class HeldTurnError(StoreError):
    """Another worker has the turn that comes first: come again later."""

    code = "held_turn_busy"


def join(
    turn: Turn, message: InboundMessage, outcome: Outcome, burst: Burst, responder: Responder
) -> Turn:
    """Do what an outcome decided of a message that is a piece; return its turn afterwards.

    It waits for more, was added to what waits, or is answered by now: after what waited, and could
    not have it added.

    Raises:
        QueueError: the message of a turn that waits may not be queued again.
        HeldTurnError, SendError: what comes first is not answered yet.
        StoreError: nothing is sure.
    """
    if not burst.held:
        held = _hold(turn, outcome, responder)
        _queue_again(message, burst, responder)
        return held
    kept = None
    try:
        with responder.keeper.keeping(turn) as kept:
            receiver = _receiver(burst, turn, message, responder)
        if receiver is not None:
            return _add(kept.turn, receiver, outcome, responder)
    except TurnTakenError:
        raise
    except Exception:
        release(kept.turn if kept else turn, responder)
        raise
    return answer(kept.turn, message, responder, done=burst.held)


def _hold(turn: Turn, outcome: Outcome, responder: Responder) -> Turn:
    """Store that a turn waits; whoever is handed its message next answers it."""
    held = replace(turn, state=TurnState.HELD, lease_until=responder.clock())
    try:
        held = responder.stores.turns.commit(held, _kept(outcome, responder))
    except TurnTakenError:
        raise
    except StoreError:
        release(turn, responder)
        raise
    _log.info("turn held")
    return held


def _queue_again(message: InboundMessage, burst: Burst, responder: Responder) -> None:
    """Queue the message of a turn that waits, behind all that came by then."""
    if burst.pauses:
        responder.pause(PAUSE)
    responder.queue_again(message)


def _receiver(
    burst: Burst, turn: Turn, message: InboundMessage, responder: Responder
) -> Turn | None:
    """Return the turn that a message is to be added to; None once nothing waits any more.

    What the message cannot be added to is answered, and its answer sent, before this returns.
    """
    try:
        held = responder.stores.turns.find(burst.held)
        messages = messages_of(held) if held else ()
    except (DocumentError, EnvelopeError) as error:
        # It waits for a version that can read it, and holds up nobody.
        _log.error("held turn skipped", extra={"code": error.code, "held": burst.held})
        return None
    if held is None or held.state in SETTLED:
        return None
    if turn.payload in held.parts:
        raise TurnTakenError("the message was added by another worker")  # whose clock is ahead
    now = responder.clock()
    if burst.is_piece and _is_open(held, turn, now) and _has_room(held, messages, turn, message):
        return held
    if not moves.is_expired(held, now):  # its own message finds it so, and says it
        _finish(held, joined(messages), responder)
    return None


def _add(turn: Turn, held: Turn, outcome: Outcome, responder: Responder) -> Turn:
    """Add the message of a turn to the question of a held one, which settles its own turn.

    One commit, on the condition that the held turn is as it was read. The message's own turn has
    none: nobody answers it otherwise without taking the held one first, but with a lease that
    ran out.
    """
    if turn.lease_until - responder.clock() < LONGEST_WRITE:
        raise TurnTakenError("too late to be added")
    grown = replace(held, parts=(*held.parts, turn.payload))
    done = replace(turn, state=TurnState.DELIVERED, joined_to=held.id)
    try:
        responder.stores.turns.commit(grown, (turn_write(done), *_kept(outcome, responder)))
    except TurnTakenError as error:
        raise HeldTurnError("the question was taken up meanwhile") from error
    _log.info("message joined", extra={"held": held.id})
    return done


def _kept(outcome: Outcome, responder: Responder) -> tuple[Write, ...]:
    """What is kept of a message before it is answered."""
    sessions = responder.stores.sessions
    return (*([sessions.write(outcome.session)] if outcome.session else []), *outcome.writes)


def _is_open(held: Turn, turn: Turn, now: datetime) -> bool:
    """Whether a turn waits for more, and for what comes from the same address in its order."""
    is_whole = bool(turn.parts) or turn.address != held.address
    return held.state is TurnState.HELD and not is_whole and now - held.created_at <= LONGEST


def _has_room(
    held: Turn, messages: tuple[InboundMessage, ...], turn: Turn, message: InboundMessage
) -> bool:
    words = sum(len(one.text.encode(errors="replace")) for one in (*messages, message))
    queued = sum(map(len, (held.payload, *held.parts, turn.payload)))
    fits = words <= MOST_BYTES and queued <= MOST_QUEUED_BYTES
    return fits and len(messages) < MOST_MESSAGES


def _finish(held: Turn, message: InboundMessage, responder: Responder) -> None:
    """Answer a turn that comes first, or send on what is answered, unless it is done with."""
    try:
        with trace.following(held.trace_id):
            match take(held, responder):
                case Held(taken) if taken.state is TurnState.THINKING:
                    responder.deliver(answer(taken, message, responder, ahead=True), fresh=True)
                case Held(taken):
                    carry_on(taken, responder)
                case Busy():
                    raise HeldTurnError("the question before is being answered")
    except TurnTakenError as error:
        raise HeldTurnError("the question before was taken up meanwhile") from error
