"""Where code in Markdown ends, by CommonMark's rules as far as a line tells: fences and spans."""

import re
from bisect import bisect_left

_FENCE = 3
# What may stand before a fence on its line: quotes and list items; before its end, only quotes.
_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+[ \t]*+")
_QUOTES = re.compile(r"[ \t>]*+")
_QUOTED = re.compile(r"\n[ \t]{0,3}>[^\n]*+")
_RUN = re.compile("`+|~+")
_MOST_BEFORE = 100


class Code:
    """The code of one text; asked from its beginning to its end, it takes linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line_end = -1
        self._quote_end = -1
        self._spans: dict[int, list[int]] = {}

    def end(self, start: int, stop: int, begin: int = 0) -> int:
        """Where the code ends that begins with this run of backticks or tildes.

        Without code, it is the end of the run itself. A fence that is not closed goes on to the
        end of the text, or of the quote that it is in. What stands before ``begin`` will not be
        there: a line begins at that place.
        """
        before = self._before(start, begin)
        is_tick = self._text[start] == "`"
        self._read_line(start)
        may_open = stop - start >= _FENCE and before is not None and _CONTAINERS.fullmatch(before)
        if may_open and not (is_tick and "`" in self._rest_of_line(stop)):
            limit = self._end_of_quote(stop) if ">" in (before or "") else len(self._text)
            return self._end_of_fence(start, stop, limit)
        return self._end_of_span(start, stop) if is_tick else stop

    def _rest_of_line(self, place: int) -> str:
        return self._text[place : self._line_end]

    def _before(self, start: int, begin: int = 0) -> str | None:
        """What stands before a place on its line, unless it is more than stands before fences."""
        first = max(0, start - _MOST_BEFORE)
        if begin > max(first, self._text.rfind("\n", first, start)):
            return self._text[begin:start]
        line = self._text.rfind("\n", first, start)
        return None if line < 0 < first else self._text[max(line + 1, first) : start]

    def _read_line(self, place: int) -> None:
        """Note where the line of a place ends, and every run of backticks from there on."""
        if place < self._line_end:
            return
        end = self._text.find("\n", place)
        self._line_end = len(self._text) if end < 0 else end
        self._spans = {}
        for run in _RUN.finditer(self._text, place, self._line_end):
            if run[0][0] == "`":
                self._spans.setdefault(run.end() - run.start(), []).append(run.start())

    def _end_of_span(self, start: int, stop: int) -> int:
        runs = self._spans.get(stop - start, [])
        index = bisect_left(runs, stop)
        return runs[index] + stop - start if index < len(runs) else stop

    def _end_of_fence(self, start: int, stop: int, limit: int) -> int:
        text, mark = self._text, self._text[start:stop]
        here = text.find(mark, self._line_end, limit)
        while here >= 0:
            run = _RUN.match(text, here)
            end = run.end() if run else here
            before = self._before(here)
            if before is not None and _QUOTES.fullmatch(before):
                line_end = text.find("\n", end, limit)
                if not text[end : line_end if line_end >= 0 else limit].strip():
                    return end
            here = text.find(mark, end, limit)
        return limit

    def _end_of_quote(self, place: int) -> int:
        """Where the lines end that go on with the quote of a place."""
        if place >= self._quote_end:
            self._quote_end = self._line_end
            while line := _QUOTED.match(self._text, self._quote_end):
                self._quote_end = line.end()
        return self._quote_end
