"""Reading a message as a command."""

import regex

from lib.conversation import spelling
from lib.conversation.codes import LOGIN, code_in
from lib.conversation.commands.command import Command
from lib.conversation.keywords import keyword
from lib.model import InboundMessage

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


def parse_command(message: InboundMessage) -> Command | None:
    """Return the command a message gives, typed or chosen; None if it is no command.

    A slash with a word that is no command's is one, too: there is a hint for it. A slash with
    anything else is somebody's text.
    """
    if word := message.opt_out or keyword(message):
        return Command(word)
    given = message.choice.id if message.choice else message.text
    if code := code_in(given):
        return Command(LOGIN, code)
    found = _COMMAND.match(spelling.visible(given[:_LONGEST]).lstrip())
    if found is None:
        return None
    from lib.conversation.commands.table import NAMES  # noqa: PLC0415 - see steps.command

    name = spelling.plain(found["name"])
    if name not in NAMES:
        from lib.language.words import command_of_word  # noqa: PLC0415 - most are in English

        name = NAMES.get(command_of_word(name), name)
    if name not in NAMES and (found["close"] is not None or not _begins_a_word(given)):
        return None
    return Command(NAMES.get(name, name), " ".join(found["argument"].split()))


def _begins_a_word(given: str) -> bool:
    """Whether a letter follows the slash as it was sent, not only once it is in normal form."""
    start = spelling.seen(given[:_LONGEST]).lstrip()[:2]
    return start[:1] in {"/", "／"} and start[1:].isalpha()
