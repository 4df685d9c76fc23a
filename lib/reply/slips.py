"""Styles with a slip of the pen: a blank on the inner side of one of their two marks.

Looked for once everything is read that is written as it should be, between runs that are left next
to each other. With blanks on both inner sides (``5 * x * 3``) nothing is meant as a style.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from lib.reply.content import Content
from lib.reply.delimiters import Delimiter, Pair

_LONGEST = 3
_WIDEST = 1000
"""Characters between two marks. Looking for wider slips would take more than linear time."""

_STRONG = 2
_PROSE = re.compile(r"[^\W\d_]{2}|[^\W\d_\x00-\u058f]")
_LABEL_END = frozenset(":!?：！？")
_NAME = re.compile(r"[a-z]")
# By custom, what a Python function calls its further parameters (Python tutorial, 4.9).
_PARAMETERS = re.compile(r"(?:kw)?args\b")


def slips(content: Content, left: Sequence[int], found: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs among the runs that are left. None crosses another pair."""
    chains: dict[tuple[int, str, int], list[int]] = {}
    for index, around in _enclosed(content, left, found):
        run = content.runs[index]
        if run.length <= _LONGEST:
            chains.setdefault((around, run.mark, run.length), []).append(index)
    joined: dict[int, int] = {}
    for chain in chains.values():
        joined.update(_neighbours(content, chain))
    for opening, closing in _nested(joined):
        yield from couple(content.runs[opening], content.runs[closing])


def _enclosed(
    content: Content, left: Sequence[int], found: Iterable[Pair]
) -> Iterator[tuple[int, int]]:
    """Yield each run that is left, with the place of the pair that it stands in."""
    marks = [(content.runs[index].start, index, -1) for index in left]
    for pair in found:
        marks += [(pair.start, -1, 1), (pair.end, -1, 0)]
    around = [-1]
    for place, index, opens in sorted(marks):
        if opens < 0:
            yield index, around[-1]
        elif opens:
            around.append(place)
        else:
            around.pop()


def _neighbours(content: Content, chain: Sequence[int]) -> Iterator[tuple[int, int]]:
    taken = -1
    for opening, closing in pairwise(chain):
        if opening != taken and _is_slip(content, opening, closing):
            yield opening, closing
            taken = closing


def _nested(joined: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Leave out the pairs that end later than the one that they begin in."""
    around: list[int] = []
    for opening in sorted(joined):
        closing = joined[opening]
        while around and around[-1] < opening:
            around.pop()
        if not around or closing < around[-1]:
            around.append(closing)
            yield opening, closing


def is_couple(content: Content, opening: int, closing: int) -> bool:
    """Whether two runs may be a style in prose, with a slip or without."""
    first, last = content.runs[opening], content.runs[closing]
    if last.start - first.end > _WIDEST or not _PROSE.search(content.between(opening, closing)):
        return False
    touches = first.beside.opens and last.beside.closes
    return (touches and content.is_meant(opening, closing)) or _is_slip(content, opening, closing)


def couple(first: Delimiter, last: Delimiter) -> Iterator[Pair]:
    """Yield the pairs that two runs of equal length are."""
    width = min(_STRONG, first.length)
    yield Pair(first.mark, width, first.end - width, last.start)
    if first.length > width:
        yield Pair(first.mark, first.length - width, first.start, last.start + width)


def _is_slip(content: Content, opening: int, closing: int) -> bool:
    first, last = content.runs[opening], content.runs[closing]
    if last.start - first.end > _WIDEST:
        return False
    text = content.between(opening, closing)
    if "\n" in text or text.isspace() or not content.is_meant(opening, closing):
        return False
    if first.beside.operator or last.beside.operator:
        return _is_style_beside_operand(first, last, text)
    if first.beside.before_blank:
        return last.beside.closes and _begins_late(first, content.text, text)
    if not first.beside.opens or not last.beside.after_blank:
        return False
    return _ends_late(first, last, content.text, text)


def _is_style_beside_operand(first: Delimiter, last: Delimiter, text: str) -> bool:
    """``**B**12``, ``*(so)*then``, but not ``f(*a)*b``: one of the two is no operator."""
    if not first.beside.opens or not last.beside.closes:
        return False
    if first.beside.operator and last.beside.operator:
        return False
    is_whole = text.count("(") == text.count(")")
    return first.length > 1 or (is_whole and _PROSE.search(text) is not None)


def _begins_late(first: Delimiter, line: str, text: str) -> bool:
    """``** bold**``, ``word** bold**``; one star after a word is a footnote's."""
    if first.beside.after_blank:
        return _is_long_or_prose(first, text)
    return first.length > 1 and first.mark != "_" and line[first.start - 1] != "/"


def _ends_late(first: Delimiter, last: Delimiter, line: str, text: str) -> bool:
    """``**bold ** word``, ``**bold **word``, but not ``*a, *b``, ``__a, __b``, ``{**a, **b}``."""
    if text[0] == "/":
        return False
    if last.beside.before_blank:
        return _is_long_or_prose(first, text)
    if first.beside.strict:
        is_label = text.rstrip()[-1] in _LABEL_END
        return is_label or (first.length > 1 and not _NAME.match(text))
    in_brackets = line[first.start - 1 : first.start] in ("(", "[", "{")
    return not in_brackets and not _PARAMETERS.match(text)


def _is_long_or_prose(run: Delimiter, text: str) -> bool:
    return run.length > 1 or _PROSE.search(text) is not None
