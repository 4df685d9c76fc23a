"""What a run of marks may do between the characters that it stands between.

CommonMark's rule (section 6.2, left- and right-flanking) refuses a mark with punctuation on its
inner and a letter on its outer side, which models write all the time. Here a mark that touches its
text is enough, and what is refused is what nobody means as a style: paths, globs, formulas, names.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from lib.reply.marks import is_word
from lib.reply.standins import INLINE

_LONGEST = 6
"""Two neighbours of three marks each; what is longer is an ornament, or a line to write on."""

_BLANK, _LETTER, _FOREIGN, _OPENING, _CLOSING, _SIGN = " aw()."
_WORDS = _LETTER + _FOREIGN
# Of what stands between them, a mark is the whole and no style: count(*), "*", [*].
_ENCLOSING = {"()", "[]", "{}", "<>", '""', "''", "“”", "‘’", "«»", "„“", "（）", "「」"}
# No style begins before these, unless a word follows them (".NET").
_STOPS = frozenset(",;:!?.…，、；：！？。")
# What an italic word that a letter follows at once may end with, among the signs of ASCII.
_ENDS = frozenset(":!?.\"')%")
_QUOTES = frozenset("\"'")
# Italics begin after none of these: they belong to paths, addresses, code and formulas.
_NO_ITALICS_AFTER = frozenset(".@#$&=\\%^+|<)]}")
_OPERATORS = frozenset("/\\^-+=<>|&.,;")
_ITALICS_BEFORE = frozenset("\"'[#@$")
_LAST_ASCII = "\x7f"


class Flanking(NamedTuple):
    """What a run may do where it stands."""

    opens: bool
    closes: bool
    operator: bool
    """It reads as times or power, and is a style only with a partner that does not."""
    strict: bool
    """Little is needed to take it for a part of the text: a single mark, or one of names."""
    inside: bool
    """It stands inside a word of an alphabet that formulas are written in."""
    apart: bool
    """Nothing before it is joined to what it begins."""
    relaxed: bool
    """CommonMark would not let it end a style: after a sign, and before a letter."""
    after_blank: bool
    before_blank: bool


@lru_cache(maxsize=10_000)
def flanking(mark: str, length: int, before: str, after: str, power: bool) -> Flanking | None:  # noqa: FBT001 - one of five facts about a place, cached by all of them
    """Return what a run may do between these characters, at most two a side; none if nothing.

    ``power`` says whether a whole number follows.
    """
    run = _Run(mark, length, before, after, power)
    return None if run.is_literal() else run.flanking()


class _Run:
    """A run: ``before`` and ``after`` are characters beside it, ``left`` and ``right`` kinds."""

    def __init__(self, mark: str, length: int, before: str, after: str, power: bool) -> None:  # noqa: FBT001 - as above
        self.mark = mark
        self.length = length
        self.farther_before, self.before = before[:-1], before[-1:]
        self.after, self.farther_after = after[:1], after[1:]
        self.power = power
        self.left = _kind(self.before)
        self.right = _kind(self.after)
        self.strict = length == 1 or mark == "_"

    def flanking(self) -> Flanking:
        return Flanking(
            opens=self.opens(),
            closes=self.closes(),
            operator=self.is_operator(),
            strict=self.strict,
            inside=self.left == self.right == _LETTER,
            apart=self.left in (_BLANK, _OPENING, _FOREIGN) or self.before > _LAST_ASCII,
            relaxed=self.right == _LETTER and self.left in (_SIGN, _CLOSING),
            after_blank=self.left == _BLANK,
            before_blank=self.right == _BLANK,
        )

    def is_literal(self) -> bool:
        if self.mark == "~":
            return self.length != 2  # noqa: PLR2004 - a strike is two marks, as in GitHub's Markdown
        in_name = self.left in _WORDS and self.right in _WORDS and self.mark == "_"
        return (
            self.length > _LONGEST
            or self.before + self.after in _ENCLOSING
            or self.before == "^"
            or (self.strict and self.before == self.after and self.left not in _WORDS + _BLANK)
            or (self.before == "/" and self._in_path())
            or (in_name and (self.length == 1 or _LETTER in (self.left, self.right)))
            or self._is_glob()
        )

    def _in_path(self) -> bool:
        if self.right == _BLANK:
            return self.length == 1
        if self.right in _WORDS:
            return self.length == 1 and self.farther_before != self.mark
        return True

    def _is_glob(self) -> bool:
        return (
            self.mark == "*"
            and self.length == 1
            and self.after == "."
            and self.left not in _WORDS
            and self.farther_after.isalnum()
        )

    def opens(self) -> bool:
        if self.right == _BLANK:
            return False
        if self.left in (_BLANK, _OPENING):
            return True
        stops = self.strict and self.after in _STOPS and not self.farther_after.isalnum()
        if stops or self.right == _CLOSING or self.after == "/":
            return False
        if self.left in _WORDS:
            return self.right in _WORDS or self._opens_after_word()
        return not self.strict or not (self.before in _NO_ITALICS_AFTER or self.after in _QUOTES)

    def _opens_after_word(self) -> bool:
        if not self.strict:
            return True
        if self.left == _FOREIGN:
            return self.mark == "_" or self.after not in _OPERATORS
        if self.after == INLINE:
            return False
        signs = _QUOTES if self.mark == "_" else _ITALICS_BEFORE
        return self.after in signs or self.after > _LAST_ASCII

    def closes(self) -> bool:
        if self.left == _BLANK:
            return False
        if self.right in (_BLANK, _CLOSING):
            return True
        if self.left == _OPENING or self._begins_quotation():
            return False
        if self.right in _WORDS:
            return self.left in _WORDS or self._closes_before_word()
        return self.after != "/" or self.before not in _OPERATORS

    def _closes_before_word(self) -> bool:
        if self.right == _FOREIGN:
            return not self.strict or self.before not in _OPERATORS or self.before == "."
        if self.mark == "_":
            return self.before != "." and (self.before in _ENDS or self.before > _LAST_ASCII)
        return self.length > 1 or self.before in _ENDS or self.before > _LAST_ASCII

    def _begins_quotation(self) -> bool:
        return self.before in _QUOTES and _kind(self.farther_before) in (_BLANK, _OPENING)

    def is_operator(self) -> bool:
        """Times or power: between figures, brackets and names of one letter."""
        if self.mark != "*" or self.length > 2 or _BLANK in (self.left, self.right):  # noqa: PLR2004 - ** is the longest operator
            return False
        return self._is_times() if self.length == 1 else self._is_power()

    def _is_times(self) -> bool:
        if self.before == ")":
            return self.right in _WORDS or self.after == "("
        return self._ends_operand() and self._begins_operand()

    def _is_power(self) -> bool:
        if _FOREIGN in (self.left, self.right):
            return False
        if self.power and self.left == _LETTER:
            return True
        names = (self.before + self.after).isalpha()
        return not names and self._ends_operand() and self._begins_operand()

    def _ends_operand(self) -> bool:
        return self.before.isdigit() or self.before in ")]}" or self._ends_name_of_one_letter()

    def _ends_name_of_one_letter(self) -> bool:
        return self.before.isalpha() and _kind(self.farther_before) not in _WORDS

    def _begins_operand(self) -> bool:
        if self.after in "-+.":
            return self.farther_after.isdigit()
        if self.after.isalpha():
            return _kind(self.farther_after) not in _WORDS
        return self.after.isdigit() or self.after in "([{"


@lru_cache(maxsize=10_000)
def _kind(character: str) -> str:
    if not character or character.isspace():
        return _BLANK
    if is_word(character):
        return _LETTER if _in_alphabet(character) else _FOREIGN
    category = unicodedata.category(character)
    return {"Ps": _OPENING, "Pe": _CLOSING}.get(category, _SIGN)


def _in_alphabet(character: str) -> bool:
    """Latin, Greek, Cyrillic, Armenian (Unicode's blocks up to 058F, 1E00 to 1FFF).

    Names in programs and formulas are written in them; other scripts put marks between words that
    no blank parts.
    """
    return character < "\u0590" or "\u1e00" <= character < "\u2000"
