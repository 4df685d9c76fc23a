"""Runs of ``*``, ``_`` and ``~`` in a text, and what each may do: begin a style, end one, neither.

CommonMark's rule (section 6.2, left- and right-flanking) refuses a mark with punctuation on its
inner and a letter on its outer side, which models write all the time. Here a mark that touches its
text is enough, and what is refused is what nobody means as a style: paths, globs, formulas, names.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from lib.reply.marks import is_word

_RUN = re.compile(r"\*+|_+|~+")
_POWER = re.compile(r"[-+]?\d+(?![^\W_])")
_LONGEST = 6
"""Two neighbours of three marks each; what is longer is an ornament, or a line to write on."""

BLANK, _LETTER, _FOREIGN, _OPENING, _CLOSING, _SIGN = " aw()."
_WORDS = _LETTER + _FOREIGN
# Of what stands between them, a mark is the whole and no style: count(*), "*", [*].
_ENCLOSING = {"()", "[]", "{}", "<>", '""', "''", "“”", "‘’", "«»", "„“", "（）", "「」"}
# No style begins before these, unless a word follows them (".NET").
_STOPS = frozenset(",;:!?.…，、；：！？。")
# What an italic word that a letter follows at once may end with, among the signs of ASCII.
_ENDS = frozenset(":!?.\"'")
_QUOTES = frozenset("\"'")
# Italics begin after none of these: they belong to paths, addresses, code and formulas.
_NO_ITALICS_AFTER = frozenset("./@#$&=\\%^+|<)]}")
_OPERATORS = frozenset("/\\^-+=<>|&.,;")
_ITALICS_BEFORE = frozenset("\"'[#@$")
_LAST_ASCII = "\x7f"


class Delimiter(NamedTuple):
    """A run of one mark. ``before`` and ``after`` say what kind of character stands beside it.

    ``operator``: it reads as times or power, and is a style only with a partner that does not.
    """

    mark: str
    start: int
    end: int
    before: str
    after: str
    opens: bool
    closes: bool
    operator: bool

    @property
    def length(self) -> int:
        """How many marks it has."""
        return self.end - self.start

    @property
    def strict(self) -> bool:
        """Whether little is needed to take it for a part of the text: a single mark or a name's."""
        return self.end - self.start == 1 or self.mark == "_"

    @property
    def inside(self) -> bool:
        """Whether it stands inside a word of an alphabet that formulas are written in."""
        return self.before == self.after == _LETTER

    @property
    def apart(self) -> bool:
        """Whether nothing before it is joined to what it begins."""
        return self.before in (BLANK, _OPENING, _FOREIGN)

    @property
    def relaxed(self) -> bool:
        """Whether CommonMark would not let it end a style: after a sign, and before a letter."""
        return self.after == _LETTER and self.before in (_SIGN, _CLOSING)


def delimiters(text: str, known: Container[int]) -> Iterator[Delimiter]:
    """Yield the runs that may be a part of a style, but for those that begin at known places."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start in known:
            continue
        run = _Run(text, start, end)
        if not run.is_literal():
            yield Delimiter(
                text[start],
                start,
                end,
                run.left,
                run.right,
                run.opens(),
                run.closes(),
                run.is_operator(),
            )


class Pair(NamedTuple):
    """Two marks of the same width (``*`` or ``**``) and where each begins."""

    mark: str
    width: int
    start: int
    end: int


class _Run:
    """A run within its text: ``before`` and ``after`` are characters, ``left``, ``right`` kinds."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.mark = text[start]
        self.length = end - start
        self._power = self.length == 2 and _POWER.match(text, end) is not None  # noqa: PLR2004 - **
        self.before = text[start - 1] if start else ""
        self.after = text[end : end + 1]
        self.farther_before = text[start - 2 : start - 1] if start > 1 else ""
        self.farther_after = text[end + 1 : end + 2]
        self.left = _kind(self.before)
        self.right = _kind(self.after)

    def is_literal(self) -> bool:
        if self.mark == "~":
            return self.length != 2  # noqa: PLR2004 - a strike is two marks, as in GitHub's Markdown
        in_name = self.left in _WORDS and self.right in _WORDS and self.mark == "_"
        return (
            self.length > _LONGEST
            or self.before + self.after in _ENCLOSING
            or self.before == "^"
            or (self.before == "/" and self._in_path())
            or (in_name and (self.length == 1 or _LETTER in (self.left, self.right)))
            or self._is_glob()
        )

    def _in_path(self) -> bool:
        if self.right == BLANK:
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
        if self.right == BLANK:
            return False
        if self.left in (BLANK, _OPENING):
            return True
        stops = self.after in _STOPS and not self.farther_after.isalnum()
        if stops or self.right == _CLOSING or self.after == "/":
            return False
        if self.left in _WORDS:
            return self.right in _WORDS or self._opens_after_word()
        return not self._is_strict() or not (
            self.before in _NO_ITALICS_AFTER or self.after in _QUOTES
        )

    def _opens_after_word(self) -> bool:
        if self.mark == "_":
            return self.left == _FOREIGN
        if self.length > 1:
            return True
        if self.left == _FOREIGN:
            return self.after not in _OPERATORS
        return self.after in _ITALICS_BEFORE or self.after > _LAST_ASCII

    def closes(self) -> bool:
        if self.left == BLANK:
            return False
        if self.right in (BLANK, _CLOSING):
            return True
        if self.left == _OPENING or self._begins_quotation():
            return False
        if self.right in _WORDS:
            return self.left in _WORDS or self._closes_before_word()
        return self.after != "/" or self.before not in _OPERATORS

    def _closes_before_word(self) -> bool:
        if self.right == _FOREIGN:
            return not self._is_strict() or self.before not in _OPERATORS or self.before == "."
        if self.mark == "_":
            return self.before != "." and (self.before in _ENDS or self.before > _LAST_ASCII)
        return self.length > 1 or self.before in _ENDS or self.before > _LAST_ASCII

    def _begins_quotation(self) -> bool:
        return self.before in _QUOTES and _kind(self.farther_before) in (BLANK, _OPENING)

    def _is_strict(self) -> bool:
        return self.length == 1 or self.mark == "_"

    def is_operator(self) -> bool:
        """Times or power: between figures, brackets and names of one letter (of a figure)."""
        if self.mark != "*" or self.length > 2 or BLANK in (self.left, self.right):  # noqa: PLR2004 - ** is the longest operator
            return False
        if self.length > 1 and _FOREIGN in (self.left, self.right):
            return False
        if self.before == ")" and self.length == 1:
            return self.right in _WORDS or self.after == "("
        left = self.before.isdigit() or self.before in ")]}" or self._ends_name_of_one_letter()
        return (left and self._begins_operand()) or (self._power and self.left == _LETTER)

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
        return BLANK
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
