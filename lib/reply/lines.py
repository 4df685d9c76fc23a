"""Lines whose marks no phone can misread: most of them, and written without a second look."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from lib.reply.inline import Run
from lib.reply.marks import FENCE, is_word
from lib.reply.urls import without_urls

_MARK = re.compile(r"[*_~`]")
# Ticks, and marks but those inside a word.
_SPECIAL = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_EDGE = Run("")
_text = attrgetter("text")
_look = attrgetter("styles", "code")


def literal(run: Run) -> str:
    """The text of a run; code between ticks."""
    if not run.code or not run.text.strip() or FENCE in run.text:
        return run.text
    tick = FENCE if "`" in run.text else "`"
    return f"{tick}{run.text}{tick}"


def clear_line(runs: Sequence[Run]) -> str | None:
    """Return the line with its marks, or None where they need a second look.

    They need none if what is styled stands between blanks or punctuation, and in the text there
    are no ticks, and no marks but inside words.
    """
    if len(runs) == 1 and not runs[0].styles and _is_clear(runs[0]):
        return literal(runs[0])
    parts: list[str] = []
    opened: list[str] = []
    previous = _EDGE
    for (styles, code), alike in groupby((*filter(_text, runs), _EDGE), _look):
        run = Run("".join(map(_text, alike)), styles, code)
        if not _is_clear(run) or (code and previous.code):
            return None
        if styles != previous.styles:
            marks = _marks_between(previous, run, opened)
            if not marks:
                return None
            parts.append(marks)
        parts.append(literal(run))
        previous = run
    line = "".join(parts)
    return line if without_urls(line) == line else None


def _is_clear(run: Run) -> bool:
    if run.code:
        return "`" not in run.text and not run.text.isspace()
    return not _MARK.search(run.text) or not _SPECIAL.search(run.text)


def _marks_between(previous: Run, run: Run, opened: list[str]) -> str:
    """What to write where styles begin or end, or nothing if it could be misread."""
    before = "`" if previous.code else previous.text[-1:]
    after = "`" if run.code else run.text[:1]
    if previous.styles < run.styles and not is_word(before) and not after.isspace():
        opening = sorted(run.styles - previous.styles)
        opened += opening
        return "".join(opening)
    if run.styles < previous.styles and not is_word(after) and not before.isspace():
        closing = [opened.pop() for _ in previous.styles - run.styles]
        return "".join(closing) if not run.styles.intersection(closing) else ""
    return ""
