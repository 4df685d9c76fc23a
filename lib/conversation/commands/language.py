"""The command about the language that the gateway speaks to a person."""

from dataclasses import replace

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.language.names import AUTOMATIC, OWN, code_of
from lib.reply import language_texts as texts

_LONGEST_PAGE = 2


def choose(call: Call) -> Outcome:
    """Speak a language from now on, or the one that is written; else tell which ones there are."""
    wanted, session = call.argument, call.session
    if _is_question(wanted):
        return call.say(texts.present(_told(), chosen=bool(session.language)))
    code = code_of(wanted)
    if not code:
        return call.say(texts.unknown(wanted, _told()))
    if code == AUTOMATIC:
        return call.say(texts.AUTOMATIC, replace(session, language=""))
    return call.say(texts.CHOSEN, replace(session, language=code))


def is_choice(wanted: str) -> bool:
    """Whether what follows the command is a language that is spoken here."""
    return not _is_question(wanted) and bool(code_of(wanted))


def _is_question(wanted: str) -> bool:
    """Whether nothing is wanted but to be told; a number is a page of the menu."""
    return not wanted or (wanted.isdecimal() and len(wanted) <= _LONGEST_PAGE)


def _told() -> list[str]:
    return [f"{name} ({code})" for code, name in OWN.items()]
