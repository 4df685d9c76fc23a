"""Where to cut: the best place within the part of a text that one chunk can hold."""

import re
import unicodedata
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from lib.reply.graphemes import Graphemes
from lib.reply.layout import Layout
from lib.reply.marks import FENCE

_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


class Window:
    """The part of a text that fits into one chunk, with room left for closing marks."""

    def __init__(self, text: str, start: int, budget: int, reserve: int) -> None:
        self.text = text
        self.start = start
        self.holds_rest = reach(text, start, budget) == len(text)
        self.end = reach(text, start, budget - reserve)
        self.graphemes = Graphemes(text, start, self.end)

    def up_to(self, end: int) -> "Window":
        """The same window with an earlier end."""
        shorter = copy(self)
        shorter.end = end
        shorter.graphemes = Graphemes(self.text, self.start, end)
        return shorter

    def filled_to(self, place: int) -> float:
        """Which part of the window a cut at a place would use."""
        return (place - self.start) / (self.end - self.start)


@dataclass(frozen=True, slots=True)
class _Boundary:
    """A kind of place to cut at, and how full a chunk must be to be cut there."""

    pattern: re.Pattern[str]
    least: float
    in_code: bool
    after: bool = False


_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_LINE = re.compile(r"\n")
# Each run of signs is looked at once: from its first one, and never a second time.
_SENTENCE = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]»*_~]*+(?=\s++(?P<next>\S))|[。！？।॥؟]++[”’」』）]*+"
)
_WORD = re.compile(r"\s")

# So many bold lines one after another are no headings.
_MOST_HEADINGS = 12

# From the best kind of place to the worst that still cuts nothing but words apart.
_NATURAL = (
    _Boundary(_PARAGRAPH, 0.5, in_code=False),
    _Boundary(_LINE, 0.5, in_code=False),
)
_FORCED = (
    _Boundary(_LINE, 0.3, in_code=True),
    _Boundary(_SENTENCE, 0.4, in_code=False, after=True),
    _Boundary(_LINE, 0.2, in_code=True),
    _Boundary(_WORD, 0.05, in_code=False),
    _Boundary(_WORD, 0.05, in_code=True),
)


def best_cut(layout: Layout, window: Window) -> int:
    """Return where to cut: after ``window.start`` and not after ``window.end``."""
    kept = layout.kept_at(window.end)
    if kept is not None and kept[0] > window.start:
        window = window.up_to(kept[0])
    natural = _last(_NATURAL, layout, window)
    if natural is not None:
        return natural
    before_fence = _before_fence(layout, window)
    if before_fence is not None:
        return before_fence
    forced = _last(_FORCED, layout, window)
    if forced is None:
        forced = _last((*_NATURAL, *_FORCED), layout, window, most_headings=0)
    return _between_graphemes(layout, window) if forced is None else forced


def _last(
    boundaries: tuple[_Boundary, ...],
    layout: Layout,
    window: Window,
    most_headings: int = _MOST_HEADINGS,
) -> int | None:
    for boundary in boundaries:
        headings = 0
        for place in reversed(list(_places(boundary, window))):
            if window.filled_to(place) < boundary.least:
                break
            if headings < most_headings and layout.heads_nothing(window.start, place):
                # Of all places behind one heading, the first one counts.
                headings += not window.text[place - 1].isspace()
            elif _may_cut(boundary, layout, window, place):
                return place
    return None


def _may_cut(boundary: _Boundary, layout: Layout, window: Window, place: int) -> bool:
    return (
        window.graphemes.begin_at(place)
        and (boundary.in_code or layout.code_at(place) is None)
        and layout.allows(place)
        and layout.kept_at(place) is None
    )


def _places(boundary: _Boundary, window: Window) -> Iterator[int]:
    # No match goes on behind a letter, so that places before the least need not be found.
    begin = _after_letter(window, boundary.least)
    # Patterns that look ahead see a little beyond the window.
    for match in boundary.pattern.finditer(window.text, begin, window.end + 8):
        place = match.end() if boundary.after else match.start()
        if window.start < place <= window.end and not _abbreviates(match):
            yield place


def _after_letter(window: Window, filled: float) -> int:
    """The last place behind a letter or a figure before so large a part of the window is used."""
    place = window.start + int(filled * (window.end - window.start))
    while place > window.start and not window.text[place - 1].isalnum():
        place -= 1
    return place


def _abbreviates(match: re.Match[str]) -> bool:
    """Whether a small letter follows: that is an abbreviation rather than the end of a sentence."""
    return match.lastgroup == "next" and unicodedata.category(match["next"]) == "Ll"


def _before_fence(layout: Layout, window: Window) -> int | None:
    """Where a fence begins that the window's end would cut and the next chunk can hold whole."""
    code = layout.code_at(window.end)
    if code is None or code.mark != FENCE:
        return None
    place = code.start - len(FENCE)
    fits = code.end - place < window.end - window.start
    return place if fits and place > window.start else None


def _between_graphemes(layout: Layout, window: Window) -> int:
    inside = window.graphemes.after(window.start)
    allowed = next((place for place in inside if layout.allows(place)), None)
    if allowed is not None:
        return allowed
    return inside[0] if inside else window.end


def reach(text: str, start: int, budget: int) -> int:
    """The end of the longest part from ``start`` that has at most ``budget`` UTF-16 units."""
    end, doubled = len(text), 0
    for match in _TWO_UNITS.finditer(text, start, start + budget):
        if match.end() - start + doubled >= budget:
            end = match.start()
            break
        doubled += 1
    return min(end, start + budget - doubled)
