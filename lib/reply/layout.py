"""What a cut at some place of a text would tear apart."""

import re
import unicodedata
from bisect import bisect_left
from functools import cached_property

from lib.reply.kept import Kept, Range, kept, table_heads
from lib.reply.marks import FENCE, Span
from lib.reply.pairs import Pairs
from lib.reply.units import units

CLOSING_UNITS = 4
"""The most that closes a chunk: a line break and a fence, or all other marks at once."""

_BLANKS = re.compile(r"\s*+")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*+\n)*+")
_HEADING = re.compile(r"\*[^*\n]+\*")
_LONGEST_HEADING = 300
_QUOTED = re.compile(r"^>[^\n]*", re.MULTILINE)
_JOINER = "\u200d"


class Layout:
    """The marks and quoted lines of a text that is cut into chunks of so many UTF-16 units."""

    def __init__(self, text: str, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._pairs = Pairs(text)
        self._contents: dict[Span, tuple[int, int]] = {}
        self._fitting: dict[Range, bool] = {}
        self._quoted = [match.span() for match in _QUOTED.finditer(text)]

    def allows(self, place: int) -> bool:
        """Whether a cut leaves text on both sides of it within every pair, and no mark torn."""
        return not self._in_quote_mark(place) and all(
            span.start < place < span.end and self._has_text_around(span, place)
            for span in self._pairs.touched(place)
        )

    def kept_at(self, place: int) -> Range | None:
        """What a cut would tear apart although one chunk can hold all of it."""
        ends = self._kept_ends
        index = bisect_left(ends, place + 1)
        whole = self._kept[index] if index < len(ends) else Kept(())
        inside = (part for part in whole.ranges if part[0] < place < part[1])
        return next(filter(self._fits, inside), None)

    def heads_nothing(self, start: int, place: int) -> bool:
        """Whether a heading ends a chunk that is cut at a place: its text is to stand with it."""
        end = self.strip_blank(start, place)
        line = self._text.rfind("\n", max(0, end - _LONGEST_HEADING), end) + 1
        return bool(_HEADING.fullmatch(self._text, line, end))

    def code_at(self, place: int) -> Span | None:
        """The code that a place lies in, marks included."""
        return next((span for span in self._pairs.touched(place) if span.mark[0] == "`"), None)

    def opening(self, start: int) -> str:
        """What a chunk that starts there must begin with."""
        quote = self._quote_at(start)
        quoted = "> " if quote is not None and quote < start else ""
        torn = self._cut_through(start)
        return quoted + "".join(self._opening(span) + self._head(span, start) for span in torn)

    def closing(self, start: int, end: int) -> str:
        """What a chunk of that range must end with."""
        torn = [span for span in self._cut_through(end) if end > start]
        return "".join(self._closing(span) for span in reversed(torn))

    def skip_blank(self, place: int) -> int:
        """Where the text goes on after a cut; code keeps its indentation."""
        code = self.code_at(place)
        in_fence = code is not None and code.mark == FENCE and code.start < place < code.end
        if in_fence:
            return _end(_BLANK_LINES, self._text, place)
        end = _end(_BLANKS, self._text, place)
        # A blank that carries a mark is a grapheme of its own.
        return end - 1 if end > place and _is_carried(self._text[end : end + 1]) else end

    def skip_blanks(self, place: int) -> int:
        """Where something follows that can be seen, whatever blanks stand before it."""
        return _end(_BLANKS, self._text, place)

    def strip_blank(self, start: int, cut: int) -> int:
        """Where the text before a cut ends."""
        return start + len(self._text[start:cut].rstrip())

    @cached_property
    def _kept(self) -> list[Kept]:
        return kept(self._text)

    @cached_property
    def _kept_ends(self) -> list[int]:
        return [one.end for one in self._kept]

    def _fits(self, part: Range) -> bool:
        if part not in self._fitting:
            start, end = part
            room = self._limit - units(self.opening(start)) - CLOSING_UNITS
            self._fitting[part] = end - start <= room and units(self._text[start:end]) <= room
        return self._fitting[part]

    def _head(self, span: Span, start: int) -> str:
        """The head of the table that is cut there, unless it would fill much of a chunk."""
        if span.mark != FENCE:
            return ""
        rows, head = table_heads(self._text).get(span.start, (0, ""))
        return head if rows <= start and units(head) <= self._limit // 4 else ""

    def _cut_through(self, place: int) -> list[Span]:
        return [span for span in self._pairs.touched(place) if span.start < place < span.end]

    def _has_text_around(self, span: Span, place: int) -> bool:
        # Only a fence's content may begin or end with blanks.
        if span.mark != FENCE:
            return True
        if span not in self._contents:
            content = self._text[span.start : span.end]
            first = span.end - len(content.lstrip())
            self._contents[span] = (first, span.start + len(content.rstrip()))
        first, last = self._contents[span]
        return first < place < last

    def _opening(self, span: Span) -> str:
        return f"{FENCE}\n" if self._is_block(span) else span.mark

    def _closing(self, span: Span) -> str:
        return f"\n{FENCE}" if self._is_block(span) else span.mark

    def _is_block(self, span: Span) -> bool:
        return span.mark == FENCE and self._text[span.start] == "\n"

    def _quote_at(self, place: int) -> int | None:
        index = bisect_left(self._quoted, (place + 1, 0)) - 1
        if index < 0 or place > self._quoted[index][1]:
            return None
        return self._quoted[index][0]

    def _in_quote_mark(self, place: int) -> bool:
        quote = self._quote_at(place)
        return quote is not None and place == quote + 1


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def _is_carried(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character or "\0")[0] == "M"
