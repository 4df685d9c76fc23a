"""Graphemes: what a reader takes for one character."""

import re
from functools import cached_property

_NEAR = 50
# Two regional indicators are a flag (Unicode Standard Annex 29, rules GB12 and GB13).
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_LETTER_WITH_ACCENT = "e\u0301"


class Graphemes:
    """The graphemes of ``text[start:end]``. They are looked up where somebody asks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end

    def begin_at(self, place: int) -> bool:
        """Whether a grapheme begins at a place of the part, or at its end."""
        around = self._text[place - 1 : place + 1]
        if around.isascii():
            return around != "\r\n"
        # What stands before a blank has no say in what stands behind it.
        blank = self._text.rfind(" ", max(self._start, place - _NEAR), place)
        return place in (self._found if blank < 0 else _graphemes(self._text, blank, place))

    def after(self, place: int) -> list[int]:
        """Where graphemes begin after a place, the last one first."""
        if self._text[self._start : self._end + 1].isascii():
            return [index for index in range(self._end, place, -1) if self.begin_at(index)]
        return sorted((found for found in self._found if found > place), reverse=True)

    @cached_property
    def _found(self) -> set[int]:
        return _graphemes(self._text, self._start, self._end)


def _graphemes(text: str, start: int, end: int) -> set[int]:
    import regex  # noqa: PLC0415 - slow to import, and few replies are long and not in ASCII

    # A part of its own, and flags as what else is one grapheme of two code points: \X looks back
    # to where a run of joined emoji or of flags begins, for each of them, however far that is.
    part = _FLAG.sub(_LETTER_WITH_ACCENT, text[start : end + 1])
    found = regex.finditer(r"\X", part)
    return {start + match.start() for match in found}
