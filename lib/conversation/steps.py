"""The steps of a conversation, in their order: where a feature gets its place.

Each looks at the moment and passes it on, changed or not, or ends with an outcome. None sends
anything. ``tests/unit/conversation/test_conversation_steps.py`` holds the order, with its reasons.
"""

import logging
from dataclasses import replace

from lib.address import is_phone, mask
from lib.conversation import cancel as cancelling
from lib.conversation.access import available_assistants, choose_assistant, is_admitted
from lib.conversation.ask import ask
from lib.conversation.breaker import optional
from lib.conversation.budgets import budget
from lib.conversation.cancel import is_cancel, stopped
from lib.conversation.commands.command import OFFERING, Command
from lib.conversation.consent import is_stop, noted, proven
from lib.conversation.erasure import is_erasure
from lib.conversation.limits import Admission, admit, own_limits
from lib.conversation.moment import Moment, Outcome, Step, Tools, in_own_words
from lib.conversation.pauses import comment, confirmation, hours, human
from lib.conversation.sessions import switch
from lib.conversation.understanding import understanding
from lib.model import MessageKind, Usage
from lib.reply import texts
from lib.reply.phrase import Phrase

_log = logging.getLogger(__name__)


def identity(moment: Moment, tools: Tools) -> Moment:
    """Note the business-scoped id that a message shows, unless it is known whose it is."""
    user_id, person = moment.message.user_id, moment.person
    if person.former is not None:
        _log.warning("number has a new owner", extra={"address": mask(moment.message.address)})
    if not user_id or person.linked:
        return moment
    link = tools.stores.sessions.link(user_id, person.contact)
    return replace(moment, writes=(*moment.writes, link))


def access(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Let nobody on who is blocked, and find the assistants that the person may use."""
    if moment.person.names & tools.limits.blocked:
        return _passed_over(moment)
    if moment.person.permissions.blocked:
        return _refused(moment, tools, texts.BLOCKED)
    if not is_admitted(moment.person, tools.access):
        return _let_in(moment, tools)
    default = tools.default_assistant
    usable = available_assistants(moment.person, default)
    chosen = choose_assistant(moment.session.assistant_id, moment.person, usable, default)
    if chosen is None:
        return replace(moment, assistants=usable)
    session = switch(moment.session, chosen.id)
    return replace(moment, session=session, assistants=usable, assistant=chosen)


def _passed_over(moment: Moment) -> Outcome:
    """Keep who the sender is and nothing else: a block holds under a name seen once."""
    address, known = moment.message.address, moment.person.session
    _log.info("message not admitted", extra={"address": mask(address)})
    if known is None or known.phone_number or not is_phone(address):
        return Outcome("", None)
    return Outcome("", replace(known, phone_number=address))


def _let_in(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Tell a stranger how to get in, unless that is what they are doing; nothing else is kept."""
    from lib.conversation import strangers  # noqa: PLC0415 - most gateways are open

    if strangers.may_go_on(moment, tools.access):
        return moment
    _log.info("stranger not let in", extra={"address": mask(moment.message.address)})
    refused = _refused(moment, tools, strangers.TOLD[tools.access])
    return replace(refused, kind="", forgets=True)


def _refused(moment: Moment, tools: Tools, text: Phrase) -> Outcome:
    """Tell somebody no, but no faster than anybody is answered; their STOP holds, too."""
    noted_so = consent(moment, tools)
    heard = rate(noted_so, tools)
    said = heard if isinstance(heard, Outcome) else in_own_words("notice", text, heard.session)
    return replace(said, writes=noted_so.writes[len(moment.writes) :])


def consent(moment: Moment, tools: Tools) -> Moment:
    """Keep the opting out or in that a message says, whatever else is said to it."""
    session = noted(moment.session, moment.command, moment.message.received_at)
    session, proof = proven(session, moment.command, moment.message, tools.stores)
    if session is moment.session:
        return moment
    return replace(moment, session=session, writes=(*moment.writes, *proof))


def rate(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Count the message: whoever writes too fast is warned once, and then passed over."""
    if moment.person.session and moment.person.session.held == moment.message.id:
        return moment  # it was counted when it came, and so was all that was joined to it
    usage, admission = _counted(moment, tools)
    session = replace(moment.session, usage=usage)
    match admission:
        case Admission.WARNED:
            return in_own_words("notice", texts.SLOW_DOWN, session)
        case Admission.IGNORED:
            return Outcome("ignored", session)
    return replace(moment, session=session)


def _counted(moment: Moment, tools: Tools) -> tuple[Usage, Admission]:
    usage, limits = moment.session.usage, own_limits(moment.person.permissions, tools.limits)
    if is_cancel(moment.command):
        return usage, cancelling.rate(moment, tools)
    return admit(usage, moment.message.received_at, limits.messages_per_minute)


def parked_answers(moment: Moment, _: Tools) -> Moment | Outcome:
    """Let what waited for the person to write go out first, unless they want no messages."""
    waiting = moment.session.parked
    passes_by = is_stop(moment.command) or is_cancel(moment.command) or is_erasure(moment.command)
    if not waiting or passes_by:
        return moment
    return Outcome("", None, waiting=waiting)


def joining(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Let what is written in pieces become one question. Nothing is answered ahead of a cancel."""
    overtakes = is_cancel(moment.command) or is_erasure(moment.command)
    if overtakes or not (tools.joins or moment.session.held):
        return moment
    from lib.conversation.joining import decide  # noqa: PLC0415 - only where it is wanted

    # A human reads each message as it comes.
    return decide(moment, joins=tools.joins and moment.session.human is None)


def command(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Carry a command out. Some let the moment go on, with another question than they are."""
    if moment.message.opt_out:
        return Outcome("command", moment.session)  # Twilio has answered it
    if moment.command is None:
        return moment
    # Most messages are questions: until a command comes, none of all that is loaded.
    from lib.conversation.commands.table import run_command  # noqa: PLC0415 - as it says above

    done = run_command(moment.command, moment, tools)
    if not tools.menus or isinstance(done, Moment):
        return done
    given = moment.command
    return optional(
        "menus",
        lambda: _offering(done, given, moment),
        lambda: done,
        tools.breaker,
        tools.clock(),
    )


def _offering(said: Outcome, command: Command, moment: Moment) -> Outcome:
    """Let what a command says be answered by tapping, where it asks for a choice."""
    if command.name not in OFFERING:
        return said
    from lib.conversation.choices import with_choices  # noqa: PLC0415 - only where one is offered
    from lib.conversation.translation import told, translator_at  # noqa: PLC0415 - as above

    say = translator_at(moment, said.session)
    return with_choices(told(said, moment), command, moment.assistants, say)


def apology(moment: Moment, _: Tools) -> Outcome:
    """Say that no answer could be given. What was asked can be asked again."""
    session = moment.session
    if moment.command is None and moment.message.kind is not MessageKind.UNSUPPORTED:
        session = replace(session, question=moment.message.id, original="")
    return in_own_words("notice", texts.GIVEN_UP, session)


STEPS: tuple[Step, ...] = (
    identity,
    access,
    consent,
    stopped,
    rate,
    parked_answers,
    joining,
    command,
    comment,
    confirmation,
    human,
    hours,
    budget,
    understanding,
    ask,
)
"""What becomes of a message."""

GIVING_UP: tuple[Step, ...] = (identity, access, consent, stopped, apology)
"""What becomes of a message that made the gateway fail again and again: as little as possible."""
