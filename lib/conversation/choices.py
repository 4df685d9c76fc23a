"""What a command's answer offers to be tapped instead of typed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from lib.conversation.commands.command import Command
from lib.conversation.moment import Outcome
from lib.conversation.selection import find_assistants
from lib.model import Assistant, Menu, Option
from lib.reply import menus, texts
from lib.reply.phrase import Say

_LONGEST_NUMBER = 3


def with_choices(
    outcome: Outcome, command: Command, assistants: Sequence[Assistant], say: Say
) -> Outcome:
    """Return the outcome of a command with a menu, where there is something to choose.

    ``assistants`` are those this person may use. The outcome is in their language, and ``say``
    says the menu in it: limits count what is shown. The whole text is one chunk then: where the
    menu cannot be sent and the text is too long for one message, it is split when it is sent.
    """
    menu = menu_of(command, outcome.text, assistants, say)
    return replace(outcome, menu=menu, chunks=(outcome.text,)) if menu else outcome


def menu_of(command: Command, text: str, assistants: Sequence[Assistant], say: Say) -> Menu | None:
    """Return what can be tapped below the text that a command says."""
    page = _page(command.argument)
    match command.name:
        case "help":
            return menus.of_commands(text, page, say)
        case "list":
            return menus.of_assistants(texts.available, assistants, page, say)
        case "language":
            return _languages(command.argument, text, say)
        case "switch":
            return _whom(command.argument, assistants, say)
        case "forget":
            return _sure(command.argument, text, say)
    return None


def _sure(argument: str, text: str, say: Say) -> Menu | None:
    """Whether somebody wants to be forgotten, unless they said so already."""
    if argument:
        return None
    from lib.reply import forget_texts  # noqa: PLC0415 - few people are asked

    return menus.replies(text, [Option("/forget yes", say(forget_texts.TAP))])


def _languages(wanted: str, text: str, say: Say) -> Menu | None:
    """Return the languages there are, unless one of them was chosen just now."""
    from lib.conversation.commands.language import is_choice  # noqa: PLC0415 - seldom needed
    from lib.language.names import OWN  # noqa: PLC0415 - as above

    if is_choice(wanted):
        return None
    return menus.of_languages(text, OWN, _page(wanted), say)


def _whom(wanted: str, assistants: Sequence[Assistant], say: Say) -> Menu | None:
    if not wanted:
        return menus.of_assistants(texts.switch_without_argument, assistants, say=say)
    found = find_assistants(wanted, assistants)
    if not found:
        return menus.of_assistants(partial(texts.unknown_assistant, wanted), assistants, say=say)
    return menus.of_several(partial(texts.ambiguous_assistant, wanted), found, say)


def _page(argument: str) -> int:
    is_number = argument.isascii() and argument.isdecimal() and len(argument) <= _LONGEST_NUMBER
    return int(argument) if is_number else 1
