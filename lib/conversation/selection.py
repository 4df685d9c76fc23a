"""Which assistant is meant by what a person typed."""

import re
from collections.abc import Callable, Sequence

from lib.conversation.spelling import letters, plain, typed, words
from lib.model import Assistant

# The exact spelling first: what differs in a sign only is another assistant, if there is one.
_SPELLINGS = (plain, typed, words, letters)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_LONGEST = 500
"""Characters: more than any name has."""


def find_assistants(wanted: str, assistants: Sequence[Assistant]) -> list[Assistant]:
    """The assistants meant: an id, else a name, else a line of the list, else a beginning.

    Where nothing is spelled exactly so, typography and then punctuation do not count.
    """
    wanted = wanted[:_LONGEST]
    for spell in _SPELLINGS:
        for label in (_id, _name, _line):
            if found := _spelled(wanted, assistants, spell, label):
                return found
    for spell in _SPELLINGS:
        if found := _begun(wanted, assistants, spell):
            return found
    return _in_brackets(wanted, assistants)


def _spelled(
    wanted: str,
    assistants: Sequence[Assistant],
    spell: Callable[[str], str],
    label: Callable[[Assistant], str],
) -> list[Assistant]:
    key = spell(wanted)
    return [one for one in assistants if key and spell(label(one)) == key]


def _begun(
    wanted: str, assistants: Sequence[Assistant], spell: Callable[[str], str]
) -> list[Assistant]:
    key = spell(wanted)
    if not key:
        return []
    return [one for one in assistants if any(spell(x).startswith(key) for x in (one.id, one.name))]


def _in_brackets(wanted: str, assistants: Sequence[Assistant]) -> list[Assistant]:
    """What lines of the list name, whatever stands around it."""
    inner = {typed(one) for one in _BRACKETS.findall(plain(wanted))} - {""}
    return [one for one in assistants if typed(one.id) in inner]


def _id(assistant: Assistant) -> str:
    return assistant.id


def _name(assistant: Assistant) -> str:
    return assistant.name


def _line(assistant: Assistant) -> str:
    return f"{assistant.name} ({assistant.id})"
