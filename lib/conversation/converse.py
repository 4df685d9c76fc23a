"""The one door to the conversation: a message in, all that is to be said and kept out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib.conversation.breaker import optional
from lib.conversation.cancel import beside, is_cancel
from lib.conversation.codes import without_code
from lib.conversation.commands.parse import parse_command
from lib.conversation.history import history_of
from lib.conversation.moment import Moment, Outcome, Step, Tools
from lib.conversation.sessions import open_session
from lib.conversation.steps import STEPS
from lib.model import Conversation, InboundMessage
from lib.ports.documents import Write
from lib.reply.phrase import Phrase

_HOURS = "hours"
_OPTIONAL = {_HOURS: _HOURS, "joining": "joining", "understanding": "media"}
"""Steps that an answer can do without, and the features whose steps they are."""


def converse(
    message: InboundMessage,
    person: Conversation,
    tools: Tools,
    steps: Sequence[Step] = STEPS,
    parts: tuple[InboundMessage, ...] = (),
) -> Outcome:
    """Return what to say to a person's message, and all that is to be kept of it.

    ``parts`` are the messages that it was joined of; none of them is a command, nor are they one.
    Nothing is sent meanwhile, and nothing stored but the count of all questions.

    Raises:
        ShortageError, StoreError: nobody was asked, or nobody needs to know; decide again later.
    """
    session = open_session(person, message, tools.default_assistant.id, tools.clock())
    command = None if parts else parse_command(message)
    message = without_code(message, command)
    moment = Moment(message, person, session, command, parts=parts)
    off = _features_off(person, session.assistant_id, tools)
    tools = _without(tools, off)
    for step in steps:
        if step.__name__ in off and step.__name__ == _HOURS:
            continue
        passed = _passed(step, moment, tools)
        if isinstance(passed, Outcome):
            said = _told(passed, moment)
            writes = tuple(_writes(message, moment, said, tools))
            return beside(moment, replace(said, writes=writes))
        moment = passed
    raise AssertionError("the last step has an outcome")


def _told(outcome: Outcome, moment: Moment) -> Outcome:
    """Return an outcome that says sentences of ours in the language of its person."""
    if not isinstance(outcome.text, Phrase):
        return outcome
    from lib.conversation.translation import told  # noqa: PLC0415 - most say what an assistant says

    return told(outcome, moment)


def _features_off(person: Conversation, assistant_id: str, tools: Tools) -> frozenset[str]:
    if person.switches is None and not tools.breaker.off(tools.clock()):
        return frozenset()
    from lib.conversation.switching import off  # noqa: PLC0415 - few gateways have flags

    return off(person, assistant_id, tools)


def _without(tools: Tools, off: frozenset[str]) -> Tools:
    if not off:
        return tools
    from lib.conversation.switching import without  # noqa: PLC0415 - as above

    return without(tools, off)


def _passed(step: Step, moment: Moment, tools: Tools) -> Moment | Outcome:
    """What a step makes of a moment; one that may be left out is, where it breaks."""
    feature = _OPTIONAL.get(step.__name__)
    if feature is None:
        return step(moment, tools)

    def plainly() -> Moment | Outcome:
        if feature == _HOURS:
            return moment
        return step(moment, _without(tools, frozenset({feature})))

    return optional(feature, lambda: step(moment, tools), plainly, tools.breaker, tools.clock())


def _writes(
    message: InboundMessage, moment: Moment, outcome: Outcome, tools: Tools
) -> Iterator[Write]:
    """Give what is kept beside the session; a former owner's is archived where a new one begins."""
    yield from moment.writes
    yield from outcome.writes
    is_kept = outcome.session is not None and not is_cancel(moment.command)
    if outcome.session is not None and is_kept:
        sessions = tools.stores.sessions
        yield from sessions.renewals(moment.person, outcome.session, message.user_id)
        if moment.person.former is not None:
            yield from sessions.archive(moment.person.former, message.received_at)
    said = moment.parts or (message,)
    yield from map(tools.stores.history.write, history_of(said, outcome, tools.clock()))
