"""People whom the gateway does not answer: what they are told, and what they may do."""

from lib.conversation.moment import Moment
from lib.reply import access_texts as texts

TOLD = {"invited": texts.INVITATION_NEEDED, "listed": texts.LIST_NEEDED}
"""What a stranger is told, by whom the gateway answers."""

_COMMANDS = {
    "invited": frozenset({"login", "whoami", "stop", "start", "forget"}),
    "listed": frozenset({"whoami", "stop", "start", "forget"}),
}


def may_go_on(moment: Moment, access: str) -> bool:
    """Whether what a stranger sends is a command that they may give."""
    return moment.command is not None and moment.command.name in _COMMANDS[access]
