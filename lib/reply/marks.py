"""WhatsApp's own marks as a phone reads them: which pairs format what.

Rules: an opening mark follows a line start, a blank or punctuation and touches its text; a
closing mark touches its text and is followed by a blank, punctuation or the line's end; no
pair but a fence spans a line break; nothing is formatted inside code.
"""

import re
import unicodedata
from typing import NamedTuple

FENCE = "```"
_FENCE = re.compile(r"```(?P<fence>\s*+(?!```)\S.*?)```", re.DOTALL)
# Each alternative begins with a letter of its own, so that the search for the next is fast.
_TOKEN = re.compile(rf"{_FENCE.pattern}|`(?<!``)(?P<code>[^`\n]+)`(?!`)|\*|_|~|\n", re.DOTALL)
_LAST_ASCII = "\x7f"


class Span(NamedTuple):
    """What a pair of marks encloses: ``text[start:end]``, without the marks."""

    mark: str
    start: int
    end: int


def spans(text: str, begin: int = 0, end: int | None = None) -> list[Span]:
    """Return every pair in the text, by where it starts. Properly nested, at most four deep.

    A part of the text may be given that begins and ends with a line, and cuts no fence.
    """
    found = []
    opened: dict[str, int] = {}
    for match in _TOKEN.finditer(text, begin, len(text) if end is None else end):
        mark, position = match[0], match.start()
        if match.lastgroup:
            kind = FENCE if match.lastgroup == "fence" else "`"
            found.append(Span(kind, position + len(kind), match.end() - len(kind)))
        elif mark == "\n":
            opened.clear()
        elif opened.get(mark, position) < position and _can_close(text, position):
            content = opened[mark]
            found.append(Span(mark, content, position))
            opened = {other: start for other, start in opened.items() if start < content}
        elif _can_open(text, position):
            opened[mark] = position + 1
    found.sort(key=_start)
    return found


def fences(text: str) -> list[tuple[int, int]]:
    """Return where each fence of the text begins and ends, marks included."""
    return [match.span() for match in _FENCE.finditer(text)]


def _start(span: Span) -> int:
    return span.start


def _can_open(text: str, position: int) -> bool:
    after = text[position + 1 : position + 2]
    return bool(after) and not after.isspace() and not is_word(text[position - 1 : position])


def _can_close(text: str, position: int) -> bool:
    before = text[position - 1 : position]
    return not before.isspace() and not is_word(text[position + 1 : position + 2])


def is_word(character: str) -> bool:
    """Whether marks beside this character, if it is one, are part of a word."""
    if character <= _LAST_ASCII:
        return character.isalnum()
    return unicodedata.category(character)[0] in "LNM"
