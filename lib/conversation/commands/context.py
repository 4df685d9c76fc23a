"""Commands about what an assistant is told of the conversation so far."""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.conversation.sessions import forget
from lib.reply import command_texts as texts


def begin_anew(call: Call) -> Outcome:
    """Begin anew: no assistant is told what was said before. Chat history keeps it."""
    return call.say(texts.NEW_CONVERSATION, forget(call.session))
