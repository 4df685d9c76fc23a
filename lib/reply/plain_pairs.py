"""The marks of most texts: so plainly pairs that nothing has to be weighed."""

import re

from lib.reply.delimiters import Pair

_FIRST_CJK = "\u2e80"
# Said as what it is not: Python goes through a set's range sign by sign when a pattern is made.
_NO_CJK = "\\0-\u2e7f\uffdd-\U0010ffff"
_CJK = f"^{_NO_CJK}"
_STOPS = r"\s.,;:!?)"
# No blank, no sign of ASCII; a node counts as text.
_TEXT = r"[^\s!-/:-@\[-`{-~]"
_LETTERS = r"[^\W_]{2}"
_INNER = rf"(?![\s(])[{_NO_CJK}]"
# Between blanks, brackets and stops, or in scripts without blanks between whole words.
_PAIR = re.compile(
    # A mark first, and what is before it then: that is searched for many times faster.
    rf"(?P<mark>\*\*(?<!{_INNER}\*\*)|~~(?<!{_INNER}~~)|\*(?<!{_INNER}\*)|_(?<!{_INNER}_))"
    rf"(?:(?<![{_CJK}]\*)(?<![{_CJK}]\*\*)(?={_TEXT})|(?={_LETTERS}))(?<![{_CJK}]_)"
    r"[^*_~\n]*"
    rf"(?:(?<={_LETTERS})(?P=mark)(?!(?![{_STOPS}])[{_NO_CJK}])(?!(?<=_)[{_CJK}])"
    rf"|(?<={_TEXT}|[.:!?%])(?P=mark)(?![^{_STOPS}]))"
)
# All marks but those inside a word, which are a name's.
_DOUBTFUL = re.compile(r"[*~]|_(?:(?<![^\W_]_)|(?![^\W_]))")


def plain_pairs(text: str) -> tuple[list[Pair], bool]:
    """Return pairs of marks that are styles whatever stands around, and whether these are all.

    As long as no mark is in doubt, those between words without blanks are among them.
    """
    found, position, doubtful = [], 0, False
    for match in _PAIR.finditer(text):
        start, end = match.span()
        mark = match["mark"]
        doubtful = doubtful or _DOUBTFUL.search(text, position, start) is not None
        found.append(Pair(mark[0], len(mark), start, end - len(mark)))
        position = end
    if not doubtful and not _DOUBTFUL.search(text, position):
        return found, True
    return [pair for pair in found if _stands_apart(text, pair)], False


def _stands_apart(text: str, pair: Pair) -> bool:
    before = text[max(pair.start - 1, 0) : pair.start]
    after = text[pair.end + pair.width : pair.end + pair.width + 1]
    return before < _FIRST_CJK and after < _FIRST_CJK
