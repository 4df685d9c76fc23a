"""Words with marks in them, put into inline code so that a phone shows the marks."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from lib.reply.inline import Run
from lib.reply.urls import BARE_URL

_MARK = re.compile(r"[*_~]")
_PART = r"[^\s`,.;:!?()\[\]{}\"'<>]+"
# What is put into inline code as one word: no blanks, no ticks or punctuation around it.
_WORD = re.compile(rf"{_PART}(?:`+{_PART})*")
_SHORTEST = 4
"""What begins nearer to each other than this shares its ticks, or ticks would outgrow the text."""


def has_marks(text: str) -> bool:
    """Whether a phone may find formatting in the text."""
    return _MARK.search(text) is not None


def guarded(run: Run, marks: Iterable[int] | None = None) -> Iterator[Run]:
    """Yield the parts of a run, with code around these of its marks, or around all of them."""
    if run.code:
        yield run
        return
    text, position = run.text, 0
    for start, end in _words(text, _marks(text) if marks is None else marks):
        yield run._replace(text=text[position:start])
        yield run._replace(text=text[start:end], code=True)
        position = end
    yield run._replace(text=text[position:])


def _marks(text: str) -> list[int]:
    links = [url.span() for url in BARE_URL.finditer(text)]
    starts = [start for start, _ in links]
    places = []
    for mark in _MARK.finditer(text):
        link = bisect_right(starts, mark.start()) - 1
        if link < 0 or links[link][1] <= mark.start():
            places.append(mark.start())
    return places


def _words(text: str, marks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the words around the marks, each once, from left to right."""
    words = [word.span() for word in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    last = 0
    for mark in marks:
        start, end = words[bisect_right(starts, mark) - 1]
        if text.startswith("://", end):
            start, end = mark, mark + 1
        if start >= last:
            yield start, end
            last = end


def joined(runs: Iterable[Run]) -> list[Run]:
    """Join code around marks with the next, where they are so near that ticks outgrow the text."""
    found: list[Run] = []
    for run in runs:
        if len(found) > 1 and _is_near(found[-2], found[-1], run):
            between = found.pop()
            first = found.pop()
            found.append(first._replace(text=first.text + between.text + run.text))
        else:
            found.append(run)
    return found


def _is_near(first: Run, between: Run, last: Run) -> bool:
    return (
        len(first.text) + len(between.text) < _SHORTEST
        and (first.code, between.code, last.code) == (True, False, True)
        and first.styles == between.styles == last.styles
        and "`" not in between.text
        and has_marks(first.text)
        and has_marks(last.text)
    )
