"""Commands about who answers: a human, or an assistant again."""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome


def ask_for_human(call: Call) -> Outcome:
    """Give the person to a human."""
    from lib.conversation.human import asked_for  # noqa: PLC0415 - few people ask for one

    return asked_for(call.moment, call.tools)


def go_back(call: Call) -> Outcome:
    """Let the assistant answer again."""
    from lib.conversation.human import ended  # noqa: PLC0415 - as above

    return ended(call.moment, call.tools)
