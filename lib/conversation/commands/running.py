"""Commands about what is being done at this moment."""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.reply import texts


def cancel(call: Call) -> Outcome:
    """Stop what is being done for the person's earlier messages."""
    was_running = call.tools.cancel(call.moment)
    return call.say(texts.STOPPED if was_running else texts.NOTHING_RUNNING)
