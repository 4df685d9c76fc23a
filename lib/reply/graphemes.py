"""Graphemes: what a reader takes for one character."""

from functools import cached_property

_NEAR = 50


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

    found = regex.finditer(r"\X", text, pos=start, endpos=end + 1)
    return {match.start() for match in found}
