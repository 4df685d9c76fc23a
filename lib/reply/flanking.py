"""What a run of marks may do between the characters that it stands between.

CommonMark's rule (section 6.2, left- and right-flanking) refuses a mark with punctuation on its
inner and a letter on its outer side, which models write all the time. Here a mark that touches its
text is enough, and what is refused is what nobody means as a style: paths, globs, formulas, names.
"""

from functools import lru_cache
from typing import NamedTuple

from lib.reply.characters import BLANK, CLOSING, FOREIGN, LETTER, OPENING, SIGN, WORDS, kind
from lib.reply.standins import INLINE

_LONGEST = 6
"""Two neighbours of three marks each; what is longer is an ornament, or a line to write on."""

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
        self.left = kind(self.before)
        self.right = kind(self.after)
        self.strict = length == 1 or mark == "_"

    def flanking(self) -> Flanking:
        return Flanking(
            opens=self.opens(),
            closes=self.closes(),
            operator=self.is_operator(),
            strict=self.strict,
            inside=self.left == self.right == LETTER,
            apart=self.left in (BLANK, OPENING, FOREIGN) or self.before > _LAST_ASCII,
            relaxed=self.right == LETTER and self.left in (SIGN, CLOSING),
            after_blank=self.left == BLANK,
            before_blank=self.right == BLANK,
        )

    def is_literal(self) -> bool:
        if self.mark == "~":
            return self.length != 2  # noqa: PLR2004 - a strike is two marks, as in GitHub's Markdown
        in_name = self.left in WORDS and self.right in WORDS and self.mark == "_"
        return (
            self.length > _LONGEST
            or self.before + self.after in _ENCLOSING
            or self.before == "^"
            or (self.strict and self.before == self.after and self.left not in WORDS + BLANK)
            or (self.before == "/" and self._in_path())
            or (in_name and (self.length == 1 or LETTER in (self.left, self.right)))
            or self._is_glob()
        )

    def _in_path(self) -> bool:
        if self.right == BLANK:
            return self.length == 1
        if self.right in WORDS:
            return self.length == 1 and self.farther_before != self.mark
        return True

    def _is_glob(self) -> bool:
        return (
            self.mark == "*"
            and self.length == 1
            and self.after == "."
            and self.left not in WORDS
            and self.farther_after.isalnum()
        )

    def opens(self) -> bool:
        if self.right == BLANK:
            return False
        if self.left in (BLANK, OPENING):
            return True
        stops = self.strict and self.after in _STOPS and not self.farther_after.isalnum()
        if stops or self.right == CLOSING or self.after == "/":
            return False
        if self.left in WORDS:
            return self.right in WORDS or self._opens_after_word()
        return not self.strict or not (self.before in _NO_ITALICS_AFTER or self.after in _QUOTES)

    def _opens_after_word(self) -> bool:
        if not self.strict:
            return True
        if self.left == FOREIGN:
            return self.mark == "_" or self.after not in _OPERATORS
        if self.after == INLINE:
            return False
        signs = _QUOTES if self.mark == "_" else _ITALICS_BEFORE
        return self.after in signs or self.after > _LAST_ASCII

    def closes(self) -> bool:
        if self.left == BLANK:
            return False
        if self.right in (BLANK, CLOSING):
            return True
        if self.left == OPENING or self._begins_quotation():
            return False
        if self.right in WORDS:
            return self.left in WORDS or self._closes_before_word()
        return self.after != "/" or self.before not in _OPERATORS

    def _closes_before_word(self) -> bool:
        if self.right == FOREIGN:
            return not self.strict or self.before not in _OPERATORS or self.before == "."
        if self.mark == "_":
            return self.before != "." and (self.before in _ENDS or self.before > _LAST_ASCII)
        return self.length > 1 or self.before in _ENDS or self.before > _LAST_ASCII

    def _begins_quotation(self) -> bool:
        return self.before in _QUOTES and kind(self.farther_before) in (BLANK, OPENING)

    def is_operator(self) -> bool:
        """Times or power: between figures, brackets and names of one letter."""
        if self.mark != "*" or self.length > 2 or BLANK in (self.left, self.right):  # noqa: PLR2004 - ** is the longest operator
            return False
        return self._is_times() if self.length == 1 else self._is_power()

    def _is_times(self) -> bool:
        if self.before == ")":
            return self.right in WORDS or self.after == "("
        return self._ends_operand() and self._begins_operand()

    def _is_power(self) -> bool:
        if FOREIGN in (self.left, self.right):
            return False
        if self.power and self.left == LETTER:
            return True
        names = (self.before + self.after).isalpha()
        return not names and self._ends_operand() and self._begins_operand()

    def _ends_operand(self) -> bool:
        return self.before.isdecimal() or self.before in ")]}" or self._ends_name_of_one_letter()

    def _ends_name_of_one_letter(self) -> bool:
        return self.before.isalpha() and kind(self.farther_before) not in WORDS

    def _begins_operand(self) -> bool:
        if self.after in "-+.":
            return self.farther_after.isdecimal()
        if self.after.isalpha():
            return kind(self.farther_after) not in WORDS
        return self.after.isdecimal() or self.after in "([{"
