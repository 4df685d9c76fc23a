"""Menus: what a person may tap below one of the gateway's own texts.

A menu says what the text says and adds options, whose ids are commands as they would be typed; so
whoever gets the text instead misses nothing. Where an option cannot be made, there is no menu.

Source of the limits: Twilio, "twilio/list-picker" and "twilio/quick-reply". WhatsApp does not say
what it counts: these are UTF-16 units, the strictest reading.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from lib.model import Assistant, Menu, MenuKind, Option
from lib.reply import menu_texts as texts
from lib.reply.graphemes import Graphemes
from lib.reply.phrase import Say
from lib.reply.units import units
from lib.reply.visible import clean

MOST_OPTIONS = 10
MOST_REPLIES = 3

_LEAST_OPTIONS = 2
_MOST_BODY = 1024
_MOST_TITLE = 24
_MOST_REPLY_TITLE = 20
_MOST_DESCRIPTION = 72
_MOST_ID = 200
T = TypeVar("T")
# Marks of direction may stand before a command and behind it.
_COMMAND_LINE = re.compile(r"(?m)^[\u200f\u2068]*(/\w+)[^\n]*? - ([^\n]+)$")


def of_assistants(
    says: Callable[[Sequence[Assistant]], str],
    known: Sequence[Assistant],
    page: int = 1,
    say: Say = clean,
) -> Menu | None:
    """Return a list to choose an assistant from; None where there is no choice.

    ``says`` is the text about those that are shown: of more than ten nine on each page, and a row
    that brings the next one. A page that is not there is the first one.
    """
    shown, following = _page(known, page)
    return _whom(says, shown, f"/list {following}" if following else "", say)


def of_several(
    says: Callable[[Sequence[Assistant]], str], found: Sequence[Assistant], say: Say = clean
) -> Menu | None:
    """Return a question which of a few assistants is meant: buttons for up to three of them."""
    if len(found) <= MOST_REPLIES:
        return replies(says(found), map(_switch, found), say)
    shown, following = _page(found, 1)
    return _whom(says, shown, "/list" if following else "", say)


def of_commands(text: str, page: int = 1, say: Say = clean) -> Menu | None:
    """Return a list of the commands that a help text names, each on a line with what it does.

    Of more than ten nine on each page, and a row that brings the next one.
    """
    named = [Option(name, name, about) for name, about in _COMMAND_LINE.findall(say(text))]
    rows, following = _page(named, page)
    if following:
        rows = [*rows, _more(f"/help {following}", texts.OTHER_COMMANDS, say)]
    return _list(text, rows, say)


def of_languages(
    text: str, names: Mapping[str, str], page: int = 1, say: Say = clean
) -> Menu | None:
    """Return a list of languages, by their codes, and behind them the choice of none."""
    known = [Option(f"/language {code}", name, code) for code, name in names.items()]
    known.append(Option("/language auto", say(texts.AUTOMATIC), "auto"))
    rows, following = _page(known, page)
    if following:
        rows = [*rows, _more(f"/language {following}", texts.OTHER_LANGUAGES, say)]
    return _list(text, rows, say)


def replies(body: str, options: Iterable[Option], say: Say = clean) -> Menu | None:
    """Return a text with up to three buttons below it."""
    buttons = _fitting(options, _MOST_REPLY_TITLE)
    if not _are_usable(buttons) or len(buttons) > MOST_REPLIES:
        return None
    return Menu(MenuKind.REPLIES, _body(say(body)), buttons)


def cut(text: str, most: int) -> str:
    """Return a text in at most so many UTF-16 units; a cut is told by an ellipsis."""
    if units(text) <= most:
        return text
    end = len(
        text.encode("utf-16-le", "surrogatepass")[: 2 * most - 2].decode("utf-16-le", "ignore")
    )
    graphemes = Graphemes(text, 0, len(text))
    while end and not graphemes.begin_at(end):
        end -= 1
    return f"{text[:end].rstrip()}…"


def _whom(
    says: Callable[[Sequence[Assistant]], str], shown: Sequence[Assistant], more: str, say: Say
) -> Menu | None:
    """Return a list of assistants, with a row for the others if a command is given for it."""
    rows = list(map(_switch, shown))
    if more:
        rows.append(_more(more, texts.OTHER_ASSISTANTS, say))
    return _list(says(shown), rows, say)


def _more(command: str, what: str, say: Say) -> Option:
    return Option(command, say(texts.MORE), say(what))


def _switch(assistant: Assistant) -> Option:
    about = " · ".join(filter(None, (assistant.id, assistant.description)))
    return Option(f"/switch {assistant.id}", _line(assistant.name) or assistant.id, about)


def _page(known: Sequence[T], page: int) -> tuple[Sequence[T], int]:
    """Return what a page shows, and the number of the page behind it; 0 if it is the last."""
    start = (page - 1) * (MOST_OPTIONS - 1)
    # Where a page is followed by another one, there are two at least for that.
    if start < 0 or len(known) - start < _LEAST_OPTIONS:
        page, start = 1, 0
    if len(known) - start <= MOST_OPTIONS:
        return known[start:], 0
    return known[start : start + MOST_OPTIONS - 1], page + 1


def _list(body: str, options: Iterable[Option], say: Say) -> Menu | None:
    rows = _fitting(options, _MOST_TITLE)
    if not _are_usable(rows):
        return None
    return Menu(MenuKind.LIST, _body(say(body)), rows, say(texts.CHOOSE))


def _body(text: str) -> str:
    """What fits of a text above its options; its first line says what they are for."""
    return text if units(text) <= _MOST_BODY else cut(text.partition("\n")[0], _MOST_BODY)


def _fitting(options: Iterable[Option], most: int) -> tuple[Option, ...]:
    """Return options in their sizes, with titles that can be told apart."""
    made: list[Option] = []
    for option in options:
        title = _told_apart(_line(option.title), {one.title for one in made}, most)
        about = cut(_line(option.description), _MOST_DESCRIPTION)
        made.append(Option(option.id, title, about))
    return tuple(made)


def _told_apart(title: str, taken: set[str], most: int) -> str:
    made, number = cut(title, most), 1
    while made in taken:
        number += 1
        made = f"{cut(title, most - len(f' {number}'))} {number}"
    return made


def _are_usable(options: Sequence[Option]) -> bool:
    """Whether there is a choice, and each id is received as it is."""
    ids = [one.id for one in options]
    whole = all(units(one) <= _MOST_ID and one == _line(one) for one in ids)
    return whole and len(set(ids)) == len(ids) >= _LEAST_OPTIONS


def _line(text: str) -> str:
    return " ".join(clean(text).split())
