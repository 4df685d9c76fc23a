"""Commands about who answers."""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.conversation.selection import find_assistants
from lib.conversation.sessions import switch
from lib.reply import texts


def list_assistants(call: Call) -> Outcome:
    """Show the assistants that this person may use."""
    return call.say(texts.available(call.moment.assistants))


def show_current(call: Call) -> Outcome:
    """Show who answers now."""
    return call.say(texts.current(call.moment.assistant))


def switch_assistant(call: Call) -> Outcome:
    """Let another assistant answer from now on, if it is clear which one is meant."""
    wanted, assistants = call.argument, call.moment.assistants
    if not wanted:
        return call.say(texts.switch_without_argument(assistants))
    found = find_assistants(wanted, assistants)
    match found:
        case [assistant]:
            return call.say(texts.switched(assistant), switch(call.session, assistant.id))
        case []:
            return call.say(texts.unknown_assistant(wanted, assistants))
        case _:
            return call.say(texts.ambiguous_assistant(wanted, found))
