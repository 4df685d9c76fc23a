"""Commands: messages that start with a slash and are answered by the gateway itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from lib.conversation import spelling
from lib.conversation.keywords import keyword
from lib.conversation.selection import find_assistants
from lib.conversation.sessions import opt_in, opt_out, switch
from lib.model import Assistant, InboundMessage, Session
from lib.reply import texts

NAMES = frozenset({"help", "list", "current", "switch", "stop", "start", "cancel"})
ALIASES = {"abort": "cancel"}

# A name is followed by a blank or by the end, perhaps with a bot's name and punctuation before it.
# An argument may follow at once where a sign sets it off.
_COMMAND = regex.compile(
    r"""
    /\s*
    (?P<name>\p{L}[\p{L}\p{M}\p{N}]*+(?:[_-][\p{L}\p{M}\p{N}]++)*+)
    (?:@\w++)?+
    (?: [^\w\s/]*+(?=\s|$) | (?P<close>(?=[:=,;<(\[{"'“„«‹‘‚])) )  # quotation marks of all kinds
    (?P<argument>.*)
    """,
    regex.VERBOSE | regex.DOTALL,
)

_LONGEST = 5000
"""Characters read of a command: a text of WhatsApp has 4096."""


@dataclass(frozen=True, slots=True)
class Command:
    """A word after the slash, in lower case, and what follows it with single blanks."""

    name: str
    argument: str = ""


def parse_command(message: InboundMessage) -> Command | None:
    """Return the command a message gives, typed or chosen; None if it is no command.

    A slash with a word that is no command's is one, too: there is a hint for it. A slash with
    anything else is somebody's text.
    """
    if word := keyword(message):
        return Command(word)
    given = message.choice.id if message.choice else message.text
    found = _COMMAND.match(spelling.visible(given[:_LONGEST]).lstrip())
    if found is None:
        return None
    name = spelling.plain(found["name"])
    name = ALIASES.get(name, name)
    if name not in NAMES and (found["close"] is not None or not _begins_a_word(given)):
        return None
    return Command(name, " ".join(found["argument"].split()))


def _begins_a_word(given: str) -> bool:
    """Whether a letter follows the slash as it was sent, not only once it is in normal form."""
    start = spelling.seen(given[:_LONGEST]).lstrip()[:2]
    return start[:1] in {"/", "／"} and start[1:].isalpha()


def run_command(
    command: Command,
    session: Session,
    assistants: Sequence[Assistant],
    current: Assistant | None,
) -> tuple[str, Session]:
    """Carry a command out; return what to say and the session afterwards.

    ``assistants`` are those this person may use, ``current`` the one that answers now.
    """
    match command.name:
        case "switch":
            return _switch(command.argument, session, assistants)
        case "stop":
            return texts.OPTED_OUT, opt_out(session)
        case "start":
            return texts.OPTED_IN, opt_in(session)
    return _told(command.name, assistants, current), session


def _told(name: str, assistants: Sequence[Assistant], current: Assistant | None) -> str:
    match name:
        case "help":
            return texts.COMMANDS
        case "list":
            return texts.available(assistants)
        case "current":
            return texts.current(current)
        case _:
            return texts.unknown_command(name)


def _switch(wanted: str, session: Session, assistants: Sequence[Assistant]) -> tuple[str, Session]:
    if not wanted:
        return texts.switch_without_argument(assistants), session
    found = find_assistants(wanted, assistants)
    match found:
        case [assistant]:
            return texts.switched(assistant), switch(session, assistant.id)
        case []:
            return texts.unknown_assistant(wanted, assistants), session
        case _:
            return texts.ambiguous_assistant(wanted, found), session
