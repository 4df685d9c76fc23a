"""Which runs of marks in a text belong together and are styles; all other marks are literal."""

from collections.abc import Sequence

from lib.reply.alternation import in_turn
from lib.reply.content import Content
from lib.reply.delimiters import Delimiter, Pair, delimiters
from lib.reply.literals import without_names
from lib.reply.slips import slips

_LOOK_BACK = 8
"""How many open runs a closing one is compared with: more are never open in earnest."""

_STRONG = 2


def pairs(text: str, plain: Sequence[Pair] = ()) -> Sequence[Pair]:
    """Return the pairs of marks that are styles, in any order, with those that are plainly some.

    They nest properly. Takes linear time.
    """
    known = {place for pair in plain for place in (pair.start, pair.end)}
    runs = without_names(text, list(delimiters(text, known)))
    if len(runs) < 2:  # noqa: PLR2004 - a pair has two
        return plain
    content = Content(text, runs)
    pairing = _Pairing(content)
    for index, run in enumerate(runs):
        pairing.take(index, run)
    found = [*plain, *pairing.found]
    return in_turn(content, [*found, *slips(content, pairing.untouched(), found)])


class _Pairing:
    """Reads the runs from left to right, as CommonMark's algorithm does."""

    def __init__(self, content: Content) -> None:
        self.found: list[Pair] = []
        self._content = content
        self._runs = content.runs
        self._starts = [run.start for run in content.runs]
        self._ends = [run.end for run in content.runs]
        self._open: dict[str, list[int]] = {"*": [], "_": [], "~": []}

    def untouched(self) -> list[int]:
        """The runs of which no mark is a style yet."""
        return [
            index
            for index, run in enumerate(self._runs)
            if (self._starts[index], self._ends[index]) == (run.start, run.end)
        ]

    def take(self, index: int, run: Delimiter) -> None:
        if run.beside.operator:
            return
        if run.beside.closes:
            while self._left(index) and (partner := self._partner(index)) is not None:
                self._join(partner, index)
        if run.beside.opens and self._left(index):
            self._open[run.mark].append(index)

    def _left(self, index: int) -> int:
        return self._ends[index] - self._starts[index]

    def _partner(self, index: int) -> int | None:
        """The nearest run with as many marks, or else the nearest that may share some."""
        left, run = self._left(index), self._runs[index]
        sharing = None
        for other in self._open[run.mark][: -_LOOK_BACK - 1 : -1]:
            is_same = self._left(other) == left
            if not is_same and (sharing is not None or not _may_share(self._runs[other], run)):
                continue
            if self._content.is_meant(other, index):
                if is_same:
                    return other
                sharing = other
        return sharing

    def _join(self, opening: int, closing: int) -> None:
        width = min(_STRONG, self._left(opening), self._left(closing))
        self._ends[opening] -= width
        start, end = self._ends[opening], self._starts[closing]
        self.found.append(Pair(self._runs[opening].mark, width, start, end))
        self._starts[closing] += width
        self._close_after(opening if self._left(opening) else opening - 1)

    def _close_after(self, index: int) -> None:
        for still_open in self._open.values():
            while still_open and still_open[-1] > index:
                still_open.pop()


def _may_share(first: Delimiter, last: Delimiter) -> bool:
    """CommonMark's rules 9 and 10, but for neighbours of equal width: ``**a****b**``."""
    if first.mark == "~":
        return False
    if last.length == 2 * first.length and first.length >= _STRONG:
        return True
    either = [run.beside.opens and run.beside.closes for run in (first, last)]
    if not any(either):
        return True
    three = (first.length + last.length) % 3 == 0
    return not three or first.length % 3 == last.length % 3 == 0
