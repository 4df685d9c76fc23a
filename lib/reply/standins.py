"""Stand-ins for characters that mean something to Markdown where they must not.

They are code points that are no characters (Unicode Standard, section 23.7), so that no text can
mean anything by them, and Markdown takes them for letters.
"""

import re

_PUNCTUATION = "*_~\\&!\"#$%'()+,-./:;<=>?@[]^`{|}"
_STAND_INS = dict(zip(_PUNCTUATION, map(chr, range(0xFDD0, 0xFDF0)), strict=True))
_STAND_INS["\n"] = "\ufffe"
FORMULA_BEGIN, FORMULA_END = "\U0001fffe", "\U0001ffff"
INLINE = "\U0002fffe"
"""Stands in a text where a part of it is that is no text: neither a blank nor a letter."""

_HIDING = str.maketrans(_STAND_INS)
_MEANT = {stand_in: character for character, stand_in in _STAND_INS.items()}
_MEANT |= {FORMULA_BEGIN: "", FORMULA_END: ""}
_SHOWING = str.maketrans(_MEANT)
_ANY = re.compile(f"[{INLINE}{''.join(_MEANT)}]")
SPECIAL = re.compile(f"[*_~{''.join(_MEANT)}]")
"""Finds the marks of a text, and stand-ins for anything."""


def hidden(text: str) -> str:
    """Return the text with a stand-in for every sign and line end."""
    return text.translate(_HIDING)


def hiding(characters: str) -> dict[int, str]:
    """The table for ``str.translate`` that hides these characters alone."""
    return {ord(one): _STAND_INS[one] for one in characters}


_HIDING_MARKS = hiding("*_~")


def without_marks(text: str) -> str:
    """Return the text with stand-ins for all its marks: none of them is to be a style."""
    return text.translate(_HIDING_MARKS)


def shown(text: str) -> str:
    """Return a text with stand-ins as it was."""
    return text if text.isascii() else text.translate(_SHOWING)


def without_stand_ins(text: str) -> str:
    """The text without what would be shown as something else."""
    return text if text.isascii() else _ANY.sub("", text)
