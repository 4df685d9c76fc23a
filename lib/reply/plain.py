"""A text cut as it is written, without a thought for its marks: for when nothing better works."""

import unicodedata

from lib.reply.cuts import reach
from lib.reply.units import MOST_UNITS

_LONGEST_GRAPHEME = 40
_JOINER = "\u200d"


def cut(text: str, limit: int = MOST_UNITS) -> tuple[str, ...]:
    """Return the text in parts of so many UTF-16 units, none of them blank; no word is lost.

    They end with a line, else a word, else anywhere but within what is read as one character.
    """
    parts = []
    start = 0
    while start < len(text):
        end = _end(text, start, reach(text, start, limit))
        parts.append(text[start:end].strip())
        start = end
    return tuple(filter(None, parts))


def _end(text: str, start: int, most: int) -> int:
    if most == len(text):
        return most
    middle = (start + most) // 2
    for blank in ("\n", " "):
        place = text.rfind(blank, middle, most)
        if place > start:
            return place
    least = max(start + 1, most - _LONGEST_GRAPHEME)
    return next((place for place in range(most, least, -1) if _may_cut(text, place)), most)


def _may_cut(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    joined = _JOINER in (before, after) or unicodedata.category(after) in {"Mn", "Me", "Mc"}
    return not joined and not "\U0001f3fb" <= after <= "\U0001f3ff"
