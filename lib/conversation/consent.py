"""Consent: whether a person wants messages that they did not ask for."""

from lib.conversation.commands import parse_command
from lib.conversation.sessions import opt_in, opt_out
from lib.model import InboundMessage, Session


def noted(session: Session, message: InboundMessage) -> Session:
    """Return the session with the opting out or in that a message says.

    It holds whatever else is said to the message: also of somebody who writes too fast.
    """
    command = parse_command(message)
    match command and command.name:
        case "stop":
            return opt_out(session)
        case "start":
            return opt_in(session)
    return session


def is_stop(message: InboundMessage) -> bool:
    """Whether a message says that its sender wants no more messages."""
    command = parse_command(message)
    return command is not None and command.name == "stop"
