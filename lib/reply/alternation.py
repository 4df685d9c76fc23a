"""Styles with slips in one paragraph, read in turn: a mark begins, the next of its kind ends.

What a mark with blanks on both sides means shows only then: in ``**a ** b, ** c**`` are two styles,
though its first mark and its last would make a pair as well.
"""

from collections.abc import Iterable, Sequence

from lib.reply.content import Content
from lib.reply.delimiters import Pair
from lib.reply.slips import couple, is_couple

_LENGTHS = (2, 3)


def in_turn(content: Content, found: Sequence[Pair]) -> Sequence[Pair]:
    """Return the pairs, those of each kind of mark in turn if some marks are left otherwise."""
    used = {place for pair in found for place in (pair.start, pair.end)}
    chains: dict[tuple[str, int], list[int]] = {}
    left = False
    for index, run in enumerate(content.runs):
        if run.length in _LENGTHS and not run.beside.operator:
            left = left or used.isdisjoint(range(run.start, run.end))
            chains.setdefault((run.mark, run.length), []).append(index)
    return _turned(content, chains.values(), found) if left else found


def _turned(
    content: Content, chains: Iterable[Sequence[int]], found: Sequence[Pair]
) -> Sequence[Pair]:
    turned: list[Pair] = []
    places: set[int] = set()
    for chain in chains:
        for opening, closing in zip(chain[::2], (*chain[1::2], None), strict=False):
            if closing is None or not is_couple(content, opening, closing):
                return found
            first, last = content.runs[opening], content.runs[closing]
            turned += couple(first, last)
            places |= {*range(first.start, first.end), *range(last.start, last.end)}
    turned += (pair for pair in found if pair.start not in places and pair.end not in places)
    return turned if len(turned) > len(found) and _nest(turned) else found


def _nest(found: Iterable[Pair]) -> bool:
    """Whether no pair ends later than one that it begins in."""
    around: list[int] = []
    for start, end in sorted((pair.start, pair.end) for pair in found):
        while around and around[-1] < start:
            around.pop()
        if around and around[-1] < end:
            return False
        around.append(end)
    return True
