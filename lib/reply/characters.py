"""Kinds of characters, for what a mark may do beside them."""

import unicodedata
from functools import lru_cache

from lib.reply.marks import is_word

BLANK, LETTER, FOREIGN, OPENING, CLOSING, SIGN = " aw()."
WORDS = LETTER + FOREIGN
"""Both kinds of letters: of alphabets that formulas are written in, and of other scripts."""


@lru_cache(maxsize=10_000)
def kind(character: str) -> str:
    """Return the kind of a character; what is none is a blank."""
    if not character or character.isspace():
        return BLANK
    category = unicodedata.category(character)
    if category == "No":  # ², ½, ①: no operand of a formula in ASCII, where * and ** are signs
        return SIGN
    if is_word(character):
        return LETTER if _in_alphabet(character) else FOREIGN
    return {"Ps": OPENING, "Pe": CLOSING}.get(category, SIGN)


def _in_alphabet(character: str) -> bool:
    """Latin, Greek, Cyrillic, Armenian (Unicode's blocks up to 058F, 1E00 to 1FFF).

    Names in programs and formulas are written in them; other scripts put marks between words that
    no blank parts.
    """
    return character < "\u0590" or "\u1e00" <= character < "\u2000"
