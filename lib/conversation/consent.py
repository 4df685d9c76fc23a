"""Consent: whether a person wants messages that they did not ask for."""

from collections.abc import Iterator
from datetime import datetime

from lib.conversation.commands.command import Command
from lib.conversation.sessions import opt_in, opt_out
from lib.model import InboundMessage, MessageKind, Session
from lib.ports.documents import Write

_LONGEST = 100
"""Characters kept of what was said, as the proof of it."""


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


def proof(session: Session, command: Command | None, message: InboundMessage) -> Iterator[Write]:
    """Give what keeps for good that somebody opted out or in, if they did."""
    if command is None or command.name not in {"stop", "start"}:
        return
    from lib.storage.stores import consents  # noqa: PLC0415 - few messages say so

    state = consents.REVOKED if command.name == "stop" else consents.GRANTED
    source = consents.BUTTON if message.kind is MessageKind.CHOICE else consents.WORD
    said = message.text or (message.choice.title if message.choice else "")
    yield consents.consent_write(
        session.name, state, source, message.id, message.received_at, said[:_LONGEST]
    )


def is_stop(command: Command | None) -> bool:
    """Whether a message's command says that its sender wants no more messages."""
    return command is not None and command.name == "stop"
