"""A formula of TeX in plain characters."""

import re
import unicodedata
from collections.abc import Callable

from lib.reply import tex_signs as signs
from lib.reply.scripts import raised
from lib.reply.tex_reader import CELL, Reader
from lib.reply.tex_tokens import UnknownError

_LONGEST = 5000
# A number or a word, with what is raised, lowered, or put above it.
_SINGLE = re.compile(r"(?:[\d.,]+|[^\W\d_]+)[′⁰¹²³⁴-⁹₀-₉\u0300-\u036f\u20d0-\u20ff]*")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def plain(formula: str) -> str | None:
    """Return a formula, without what encloses it, in plain characters.

    None if anything in it has no such form: half a formula is worse than its source.
    """
    if len(formula) > _LONGEST:
        return None
    try:
        text = Reader(formula, _COMMANDS).whole()
    except UnknownError:
        return None
    lines = (" ".join(line.split()) for line in text.replace(CELL, " ").split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))


def _compound(text: str) -> str:
    """A part of a fraction or root, in brackets if it would be read wrongly without."""
    return text if _SINGLE.fullmatch(text) else f"({text})"


def _fraction(reader: Reader) -> str:
    upper = reader.argument()
    return f"{_compound(upper)}/{_compound(reader.argument())}"


def _root(reader: Reader) -> str:
    index = reader.option()
    sign = _ROOTS.get(index) or f"{raised(index)}√"
    return f"{sign}{_compound(reader.argument())}"


def _blackboard(reader: Reader) -> str:
    text = reader.argument()
    return "".join(signs.BLACKBOARD.get(c, c) for c in text)


def _coloured(reader: Reader) -> str:
    reader.words()
    return reader.argument()


def _without_argument(reader: Reader) -> str:
    reader.words()
    return " "


_COMMANDS: dict[str, Callable[[Reader], str]] = {
    "frac": _fraction,
    "dfrac": _fraction,
    "tfrac": _fraction,
    "cfrac": _fraction,
    "sqrt": _root,
    "mathbb": _blackboard,
    "textcolor": _coloured,
    "colorbox": _coloured,
    "begin": Reader.environment,
    "pmod": lambda reader: f" (mod {reader.argument()})",
    "tag": lambda reader: f"  ({reader.words()})",
    "label": _without_argument,
    "hspace": _without_argument,
    "vspace": _without_argument,
}
