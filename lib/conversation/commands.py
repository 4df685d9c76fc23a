"""Commands: messages that start with a slash and are answered by the gateway itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.conversation.sessions import switch
from lib.model import Assistant, InboundMessage, Session
from lib.reply import texts


@dataclass(frozen=True, slots=True)
class Command:
    """A word after the slash, in lower case, and what follows it with single blanks."""

    name: str
    argument: str = ""


def parse_command(message: InboundMessage) -> Command | None:
    """Return the command a message gives, typed or chosen; None if it is no command."""
    given = message.choice.id if message.choice else message.text
    words = given.split()
    if not words or not words[0].startswith("/"):
        return None
    if words[0] == "/" and len(words) > 1:
        words = [words[0] + words[1], *words[2:]]
    return Command(words[0][1:].casefold(), " ".join(words[1:]))


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
        case "help":
            return texts.COMMANDS, session
        case "list":
            return texts.available(assistants), session
        case "current":
            return texts.current(current), session
        case "switch":
            return _switch(command.argument, session, assistants)
        case _:
            return texts.unknown_command(command.name), session


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


def find_assistants(wanted: str, assistants: Sequence[Assistant]) -> list[Assistant]:
    """The assistants meant: an exact id, else an exact name, else a beginning of either."""
    key = wanted.casefold()
    by_id = [a for a in assistants if a.id.casefold() == key]
    by_name = [a for a in assistants if _spaced(a.name) == key]
    by_start = [
        a for a in assistants if a.id.casefold().startswith(key) or _spaced(a.name).startswith(key)
    ]
    return by_id or by_name or by_start


def _spaced(name: str) -> str:
    return " ".join(name.casefold().split())
