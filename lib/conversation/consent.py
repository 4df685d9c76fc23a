"""Consent: whether a person wants messages that they did not ask for."""

from lib.conversation.commands.command import Command
from lib.conversation.sessions import opt_in, opt_out
from lib.model import Session


def noted(session: Session, command: Command | None) -> Session:
    """Return the session with the opting out or in that a message's command says.

    It holds whatever else is said to the message: also of somebody who writes too fast.
    """
    match command and command.name:
        case "stop":
            return opt_out(session)
        case "start":
            return opt_in(session)
    return session


def is_stop(command: Command | None) -> bool:
    """Whether a message's command says that its sender wants no more messages."""
    return command is not None and command.name == "stop"
