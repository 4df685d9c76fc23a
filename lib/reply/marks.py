"""WhatsApp's own marks as a phone reads them: which pairs format what.

Rules: an opening mark follows a line start, a blank or punctuation and touches its text; a
closing mark touches its text and is followed by a blank, punctuation or the line's end; no
pair but a fence spans a line break; nothing is formatted inside code.
"""

import unicodedata
from dataclasses import dataclass

import regex

FENCE = "```"
_TOKEN = regex.compile(
    r"```(?P<fence>\s*+(?!```)\S.*?)```|(?<!`)`(?P<code>[^`\n]+)`(?!`)|(?P<mark>[*_~\n])",
    regex.DOTALL,
)
_LAST_ASCII = "\x7f"


@dataclass(frozen=True, slots=True)
class Span:
    """What a pair of marks encloses: ``text[start:end]``, without the marks."""

    mark: str
    start: int
    end: int


def spans(text: str) -> list[Span]:
    """Return every pair in the text, by where it starts. Properly nested, at most four deep."""
    found = []
    opened: dict[str, int] = {}
    for match in _TOKEN.finditer(text):
        mark, position = match["mark"], match.start()
        if mark is None:
            kind = FENCE if match["code"] is None else "`"
            found.append(Span(kind, position + len(kind), match.end() - len(kind)))
        elif mark == "\n":
            opened.clear()
        elif opened.get(mark, position) < position and _can_close(text, position):
            content = opened[mark]
            found.append(Span(mark, content, position))
            opened = {other: start for other, start in opened.items() if start < content}
        elif _can_open(text, position):
            opened[mark] = position + 1
    return sorted(found, key=lambda span: span.start)


def _can_open(text: str, position: int) -> bool:
    after = text[position + 1 : position + 2]
    return bool(after) and not after.isspace() and not _is_word(text[position - 1 : position])


def _can_close(text: str, position: int) -> bool:
    before = text[position - 1 : position]
    return not before.isspace() and not _is_word(text[position + 1 : position + 2])


def _is_word(character: str) -> bool:
    if character <= _LAST_ASCII:
        return character.isalnum()
    return unicodedata.category(character)[0] in "LNM"
