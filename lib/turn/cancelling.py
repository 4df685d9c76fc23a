"""The use case of a cancel: what is being done for its person ends, here and in other processes."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.cancel_words import is_cancel_word
from lib.conversation.cancel import is_cancel, is_heard
from lib.conversation.codes import without_code
from lib.conversation.commands.parse import parse_command
from lib.conversation.consent import is_stop
from lib.conversation.erasure import is_erasure
from lib.conversation.history import history_of
from lib.conversation.moment import Moment, Outcome, Tools
from lib.conversation.sessions import open_session
from lib.errors import EnvelopeError, StoreError, TurnTakenError
from lib.model import InboundMessage, MessageKind, Turn, TurnState
from lib.ports.clock import Clock
from lib.ports.documents import Write
from lib.queue.envelope import encode
from lib.storage.stores import Stores
from lib.storage.stores.sessions import question_write
from lib.turn import stops
from lib.turn.lease import LeaseKeeper
from lib.turn.question import message_of, messages_of

MOST_TURNS = 100
"""Of one address that are stopped by one cancel; more than one is seldom at work."""

LEASE = timedelta(seconds=1)
"""How long a worker that fell silent keeps a cancel of which nothing is stored to be said yet."""

_MOST_TRIES = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Canceller:
    """What cancelling needs: where turns are, and who works on them in this process."""

    stores: Stores
    keeper: LeaseKeeper
    clock: Clock


def cancel(moment: Moment, canceller: Canceller) -> bool:
    """Stop what is being done for messages sent before this one; whether there was anything.

    A cancel that is worked on again after a crash finds what it stopped by then.

    Raises:
        StoreError: not everything is stopped.
    """
    stores, message = canceller.stores, moment.message
    # First: what is begun from here on sees it.
    stores.stops.mark(moment.person.contact, message.received_at, canceller.clock())
    names = dict.fromkeys((message.address, moment.person.contact, message.user_id))
    running = [turn for name in filter(None, names) for turn in _running(message, name, stores)]
    stopped = [turn for turn in running if _stop(turn, moment, canceller)]
    return bool(stopped) or stores.turns.is_stopping(message.id)


def stop(message: InboundMessage, tools: Tools) -> None:
    """Stop what is being done for somebody who wants no more messages, if a message says that.

    Done again after a crash it stops what is left.

    Raises:
        StoreError: not everything is stopped.
    """
    command = parse_command(message)
    if not is_stop(command) or is_cancel_word(message):
        return
    person = tools.stores.conversations.read(message.address, message.user_id)
    session = open_session(person, message, tools.default_assistant.id, tools.clock())
    if person.names & tools.limits.blocked:
        return
    if tools.cancel(Moment(message, person, session, command)):
        _log.info("stopped by who opts out")


def of_fast_lane(
    message: InboundMessage, payload: str, stores: Stores
) -> tuple[InboundMessage, str] | None:
    """Return a message of the fast lane as it is meant there; None if it belongs behind others.

    A word without a slash is a command only while there is something to stop: otherwise it is
    somebody's text, or says that they want no messages. ``payload`` is the message as it was
    queued; what is returned with it is kept in its turn, so that its meaning stays.
    """
    command = parse_command(message)
    if command is not None and (command.name == "cancel" or is_erasure(command)):
        return message, payload
    if not is_cancel_word(message):
        return None
    names = filter(None, (message.address, message.user_id))
    if any(True for name in names for _ in _running(message, name, stores)):
        meant = replace(message, kind=MessageKind.TEXT, text="/cancel", choice=None)
        return meant, encode(meant)[0].decode()
    # Claimed by an earlier delivery, which may have stopped what was running.
    known = stores.turns.find(message.id)
    return (message_of(known), known.payload) if known else None


def lease_of(message: InboundMessage) -> timedelta | None:
    """Return the lease under which a message of the fast lane is worked on; None for the usual one.

    A cancel asks nobody, and all it does until it is answered can be done twice: whoever gets it
    next need not wait until its worker would be given up. What it says is kept for as long as ever.
    """
    return LEASE if is_cancel(parse_command(message)) else None


def _running(message: InboundMessage, address: str, stores: Stores) -> Iterator[Turn]:
    """Give the turns from an address that a message stops."""
    for turn in stores.turns.running(address, MOST_TURNS):
        if turn.id != message.id and stops.may_stop(turn) and _is_meant(turn, message.received_at):
            yield turn


def _is_meant(turn: Turn, before: datetime) -> bool:
    try:
        asked = message_of(turn)
    except EnvelopeError:
        return turn.created_at < before
    return asked.received_at < before and not is_heard(parse_command(asked))


def _stop(turn: Turn, moment: Moment, canceller: Canceller) -> bool:
    """Stop a turn unless it has ended; the worker in this process, if there is one, ends at once.

    Raises:
        StoreError: it is not stopped.
    """
    turns, found = canceller.stores.turns, turn
    assistant = moment.assistant.id if moment.assistant else ""
    for _ in range(_MOST_TRIES):
        try:
            stopped = stops.stop(found, moment.message.id, assistant)
            turns.commit(stopped, _writes(found, moment, canceller))
        except TurnTakenError:
            newer = turns.find(turn.id)
            if newer is None or not stops.may_stop(newer):
                return False
            found = newer
        else:
            canceller.keeper.stop(turn.id)
            _log.info("turn stopped", extra={"state": found.state, "stopped": turn.id})
            return True
    raise StoreError("a turn moves faster than it can be stopped")


def _writes(turn: Turn, moment: Moment, canceller: Canceller) -> tuple[Write, ...]:
    """What is kept of a message that is not answered any more: that it was sent, and asked."""
    if turn.state is TurnState.ANSWERED:
        return ()
    try:
        messages = messages_of(turn)
    except EnvelopeError:
        return ()
    said = [without_code(one, parse_command(one)) for one in messages]
    entries = history_of(said, Outcome("ignored", moment.session), canceller.clock())
    kept = tuple(map(canceller.stores.history.write, entries))
    return kept if parse_command(messages[0]) else (*kept, _asked(turn, moment, canceller))


def _asked(turn: Turn, moment: Moment, canceller: Canceller) -> Write:
    """What keeps that a turn was the last question, which its worker does not say any more.

    One field beside whatever else is written to the session; all of it where there is none yet.
    """
    if moment.person.session is None:
        return canceller.stores.sessions.write(replace(moment.session, question=turn.id))
    return question_write(moment.person.contact, turn.id)
