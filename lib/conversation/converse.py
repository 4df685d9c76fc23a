"""The one door to the conversation: a message in, all that is to be said and kept out."""

from collections.abc import Sequence
from dataclasses import replace

from lib.conversation.commands import parse_command
from lib.conversation.history import history_of
from lib.conversation.moment import Moment, Outcome, Step, Tools
from lib.conversation.sessions import open_session
from lib.conversation.steps import STEPS
from lib.model import Conversation, InboundMessage


def converse(
    message: InboundMessage, person: Conversation, tools: Tools, steps: Sequence[Step] = STEPS
) -> Outcome:
    """Return what to say to a person's message, and all that is to be kept of it.

    Nothing is sent meanwhile, and nothing stored but the count of all questions.

    Raises:
        ShortageError, StoreError: nobody was asked, or nobody needs to know; decide again later.
    """
    session = open_session(person, message, tools.default_assistant.id, tools.clock())
    moment = Moment(message, person, session, parse_command(message))
    for step in steps:
        passed = step(moment, tools)
        if isinstance(passed, Outcome):
            history = history_of(message, passed, tools.clock())
            former = person.former if passed.session else None
            return replace(passed, alias=moment.alias, history=history, former=former)
        moment = passed
    raise AssertionError("the last step has an outcome")
