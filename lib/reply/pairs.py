"""The pairs of marks around a place of a text."""

from bisect import bisect_left

from lib.reply.marks import FENCE, Span, fences, spans


class Pairs:
    """The pairs of marks of a text, looked up where somebody asks: only a few lines are cut."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._fences = fences(text)
        self._line = _Line(text, 0, -1)

    def touched(self, place: int) -> list[Span]:
        """The pairs that a place lies in, on the edge of, or in a mark of; outermost first."""
        if not self._line.start <= place <= self._line.end:
            self._line = _Line(self._text, self._line_start(place), self._line_end(place))
        return self._line.touched(place)

    # A line break in a fence ends no line: what stands before and after the fence may be a pair.

    def _line_start(self, place: int) -> int:
        start = self._text.rfind("\n", 0, place) + 1
        while start and (fence := self._fence_at(start - 1)):
            start = self._text.rfind("\n", 0, fence[0]) + 1
        return start

    def _line_end(self, place: int) -> int:
        end = self._text.find("\n", place)
        while end >= 0 and (fence := self._fence_at(end)):
            end = self._text.find("\n", fence[1])
        return end if end >= 0 else len(self._text)

    def _fence_at(self, place: int) -> tuple[int, int] | None:
        index = bisect_left(self._fences, (place + 1, 0)) - 1
        return self._fences[index] if index >= 0 and place < self._fences[index][1] else None


class _Line:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self._spans = spans(text, start, end)
        self._starts = [span.start for span in self._spans]
        self._parents = _parents(self._spans)

    def touched(self, place: int) -> list[Span]:
        index = bisect_left(self._starts, place + len(FENCE)) - 1
        touched = []
        while index >= 0:
            span = self._spans[index]
            width = len(span.mark)
            if span.start - width < place < span.end + width:
                touched.append(span)
            index = self._parents[index]
        return touched[::-1]


def _parents(nested: list[Span]) -> list[int]:
    """For each span the index of the one to look at next, to the left and outwards."""
    parents: list[int] = []
    around: list[int] = []
    for index, span in enumerate(nested):
        while around and nested[around[-1]].end < span.start:
            around.pop()
        parents.append(around[-1] if around else -1)
        around.append(index)
    return parents
