"""Consent: whether a person wants messages that they did not ask for.

Sources: WhatsApp's Business Messaging Policy (an opt-in before a business writes first, and that an
opting out holds wherever it was said), and what STOP and START are answered with here.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from lib.conversation.commands.command import Command
from lib.conversation.sessions import opt_in, opt_out
from lib.model import InboundMessage, MessageKind, Session

if TYPE_CHECKING:
    from lib.ports.documents import Write
    from lib.storage.stores import Stores
    from lib.storage.stores.consents import ConsentEvent

_LONGEST = 100
"""Characters kept of what was said, as the proof of it."""


class Purpose(StrEnum):
    """What a message is about that its person did not just ask for.

    ``OWED`` belongs to something that they asked for themselves: that an answer waits for them,
    or takes a while. ``BROADCASTS`` is whatever the business has to say.
    """

    OWED = "owed"
    BROADCASTS = "broadcasts"


class Standing(Protocol):
    """A session, or all that is known of a person."""

    @property
    def opted_out_at(self) -> datetime | None:
        """When they opted out; None unless that holds."""

    @property
    def opted_in_at(self) -> datetime | None:
        """When they, or an operator with a proof, last said that they want messages."""


def may_write_first(person: Standing, purpose: Purpose) -> bool:
    """Whether a person may be sent a message that is no answer. Nothing else decides that.

    Who opted out may not, until they take that back. Without a word of theirs they may only be
    told of what is owed to them: who said nothing has not opted in.
    """
    if person.opted_out_at is not None:
        return False
    return purpose is Purpose.OWED or person.opted_in_at is not None


def noted(session: Session, command: Command | None, at: datetime) -> Session:
    """Return the session with the opting out or in that a message's command says.

    It holds whatever else is said to the message: also of somebody who writes too fast.
    """
    match command and command.name:
        case "stop":
            return opt_out(session, at)
        case "start":
            return opt_in(session, at)
    return session


def proven(
    session: Session, command: Command | None, message: InboundMessage, stores: "Stores"
) -> "tuple[Session, tuple[Write, ...]]":
    """Return a session that names the proof of what a message says of consent, and what keeps it.

    What outlives the session is kept with it: that somebody opted out.
    """
    if command is None or command.name not in {"stop", "start"}:
        return session, ()
    event = _event(session, command, message)
    named = replace(session, consent=event.id)
    return named, (stores.sessions.proof(event), *stores.sessions.marks(named))


def _event(session: Session, command: Command, message: InboundMessage) -> "ConsentEvent":
    from lib.storage.stores import consents  # noqa: PLC0415 - few messages say so

    source = consents.BUTTON if message.kind is MessageKind.CHOICE else consents.WORD
    said = message.text or (message.choice.title if message.choice else "")
    return consents.ConsentEvent(
        name=session.name,
        state=consents.REVOKED if command.name == "stop" else consents.GRANTED,
        source=consents.TWILIO if message.opt_out else source,
        message_id=message.id,
        at=message.received_at,
        wording=said[:_LONGEST],
    )


def is_stop(command: Command | None) -> bool:
    """Whether a message's command says that its sender wants no more messages."""
    return command is not None and command.name == "stop"
