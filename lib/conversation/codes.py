"""Codes in what people send and are sent: they reach no log, no history and no assistant."""

from dataclasses import replace

from lib.conversation.commands.command import Command
from lib.model import InboundMessage, MessageKind

LOGIN = "login"
"""The command whose argument is a code."""

_SIGNED = "/whatsapp/media/"
_SHORTEST, _LONGEST = 8, 60
"""Characters of a message that may be a code and nothing else."""


def code_in(text: str) -> str:
    """Return the code in a message that is to log somebody in; see ``sent_code``."""
    may_be_alone = _SHORTEST <= len(text) <= _LONGEST and len(text.split()) <= _HALVES
    if not may_be_alone and LOGIN not in text.casefold():
        return ""
    from lib.people.invitations import sent_code  # noqa: PLC0415 - few messages have a code

    return sent_code(text)


def without_code(message: InboundMessage, command: Command | None) -> InboundMessage:
    """Return a message as others than the command may see it."""
    if command is None or command.name != LOGIN:
        return message
    text = "/login …" if command.argument else "/login"
    return replace(message, kind=MessageKind.TEXT, text=text, choice=None)


def without_signatures(text: str) -> str:
    """Return a text in which addresses of kept media lead nowhere: whoever has one has the file."""
    if _SIGNED not in text:
        return text
    import re  # noqa: PLC0415 - few texts have such an address

    return re.sub(rf"(?<={_SIGNED})[\w-]+", "…", text)


_HALVES = 2
