"""What stands between runs of marks, asked for any two of them without reading it again."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from lib.reply.delimiters import Delimiter

# Letters, figures, and what is drawn or written by itself: emoji, arrows, ideographs.
_WORD = re.compile(r"[^\W_]|[^\x00-\u206f]")
_VISIBLE = re.compile(r"[^\s*_~]")
_BLANK = re.compile(r"\s")


class Content:
    """A text and the runs of marks in it that may be styles."""

    def __init__(self, text: str, runs: Sequence[Delimiter]) -> None:
        self.text = text
        self.runs = runs
        self._words = self._counts(_WORD)
        self._visible = self._counts(_VISIBLE)
        self._blanks = self._counts(_BLANK)

    def _counts(self, wanted: re.Pattern[str]) -> list[int]:
        """For each run, in how many of the gaps before it something is found."""
        text = self.text
        gaps = (wanted.search(text, a.end, b.start) is not None for a, b in pairwise(self.runs))
        return [0, *accumulate(gaps)]

    def is_meant(self, opening: int, closing: int) -> bool:
        """Whether somebody may have meant what stands between two runs as a style."""
        first, last = self.runs[opening], self.runs[closing]
        strict = first.beside.strict or last.beside.strict
        counts = self._words if strict else self._visible
        if counts[opening] == counts[closing]:
            return False
        if first.beside.inside and last.beside.inside:
            return not strict and self._blanks[opening] == self._blanks[closing]
        return first.beside.apart or not strict or not last.beside.relaxed

    def between(self, opening: int, closing: int) -> str:
        """The text between two runs."""
        return self.text[self.runs[opening].end : self.runs[closing].start]
