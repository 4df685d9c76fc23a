"""Commands about messages that nobody asked for; the words STOP and START are the same.

The step *consent* has noted already what they change: it holds whatever else is said to them.
"""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.reply import texts


def stop(call: Call) -> Outcome:
    """Tell a person that they opted out, unless they took that back meanwhile."""
    return call.say(texts.OPTED_OUT if call.session.opted_out_at else texts.OPTED_IN)


def start(call: Call) -> Outcome:
    """Tell a person that they opted in."""
    return call.say(texts.OPTED_IN)
