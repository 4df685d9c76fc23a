"""One line of styled runs with WhatsApp's marks, so that a phone pairs exactly what is meant."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from lib.reply.guards import guarded, has_marks, joined
from lib.reply.inline import Run, merged, plain_text, styled_lines
from lib.reply.lines import clear_start
from lib.reply.marks import FENCE, Span, is_word, spans
from lib.reply.node import Node
from lib.reply.urls import without_urls
from lib.reply.work import checkpoint

_ORDER = "*_~"
_DOUBTFUL = re.compile("[*_~`]")
_ROUNDS = 4


def compose(nodes: Sequence[Node | str]) -> str:
    """Return inline nodes as lines with their marks.

    A style that WhatsApp cannot show where it stands (inside a word) is dropped. Literal marks
    that a phone would take for formatting are put into inline code.
    """
    if "\n" not in nodes:
        return _line(nodes)
    lines: list[list[Node | str]] = [[]]
    for node in nodes:
        if node == "\n":
            lines.append([])
        else:
            lines[-1].append(node)
    return "\n".join(map(_line, lines))


def bold_line(nodes: Sequence[Node | str]) -> str:
    """Return inline nodes as one bold line, without styles of their own; nothing if it is empty."""
    text = " ".join(plain_text(nodes).split())
    if not _DOUBTFUL.search(text):
        return f"*{text}*" if text else ""
    return _careful([Run(text, frozenset("*"))])


def _line(nodes: Sequence[Node | str]) -> str:
    clear, count = clear_start(nodes)
    if count == len(nodes):
        return clear
    checkpoint()
    return clear + "\n".join(map(_careful, styled_lines(nodes[count:])))


def _careful(runs: Sequence[Run]) -> str:
    """Write a line and read it as a phone does, until both agree."""
    runs = _without_hidden(runs)
    for _ in range(_ROUNDS):
        checkpoint()
        text = "".join(map(literal, runs))
        if not has_marks(text) and not any(run.styles for run in runs):
            return text
        line, intended = _marked(text, _styled(runs))
        found = {span for span in spans(without_urls(line)) if span.mark in _ORDER}
        if found == intended.keys():
            return line
        misread = _misread(intended.values(), found - intended.keys())
        missing = [intended[span] for span in intended.keys() - found]
        runs = _guarded(runs, misread) if misread else _without(runs, missing)
    return "".join(map(literal, _all_guarded(runs)))


def literal(run: Run) -> str:
    """The text of a run; code between ticks."""
    tick = _tick(run)
    return f"{tick}{run.text}{tick}"


def _tick(run: Run) -> str:
    if not run.code or not run.text.strip() or FENCE in run.text:
        return ""
    return FENCE if "`" in run.text else "`"


def _styled(runs: Sequence[Run]) -> list[Span]:
    """The parts of the line that have a style, without blanks at their ends."""
    texts = [literal(run) for run in runs]
    line = "".join(texts)
    found = []
    begun: dict[str, int] = {}
    place = 0
    for run, text in zip((*runs, Run("")), (*texts, ""), strict=True):
        ended = begun.keys() - run.styles
        found += [_trimmed(line, Span(mark, begun.pop(mark), place)) for mark in ended]
        begun |= dict.fromkeys(run.styles - begun.keys(), place)
        place += len(text)
    return [span for span in found if span.start < span.end]


def _trimmed(line: str, span: Span) -> Span:
    part = line[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(span.mark, start, max(start, span.start + len(part.rstrip())))


def _without_hidden(runs: Sequence[Run]) -> Sequence[Run]:
    """Leave out the styles that no phone shows where they stand."""
    text = "".join(map(literal, runs))
    hidden = [span for span in _styled(runs) if _in_word(text, span)]
    return _without(runs, hidden) if hidden else runs


def _in_word(text: str, span: Span) -> bool:
    around = text[max(span.start - 1, 0) : span.start] + text[span.end : span.end + 1]
    return any(map(is_word, around))


def _without(runs: Sequence[Run], styled: Iterable[Span]) -> Sequence[Run]:
    """Take the styles from these parts of the line."""
    starts = _starts(runs)
    kept = list(runs)
    for mark, start, end in styled:
        for index in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
            kept[index] = kept[index]._replace(styles=kept[index].styles - {mark})
    return merged(kept)


def _starts(runs: Sequence[Run]) -> list[int]:
    return list(accumulate((len(literal(run)) for run in runs[:-1]), initial=0))


def _marked(text: str, styled: Iterable[Span]) -> tuple[str, Mapping[Span, Span]]:
    """Return the line with its marks, and what of it a phone should find for each style."""
    events = sorted(
        [(s.start, 1, -s.end, _ORDER.index(s.mark), s) for s in styled]
        + [(s.end, 0, -s.start, -_ORDER.index(s.mark), s) for s in styled]
    )
    parts, position, length = [], 0, 0
    begun: dict[Span, int] = {}
    intended = {}
    for place, opens, _, _, span in events:
        parts += [text[position:place], span.mark]
        length += place - position
        if opens:
            begun[span] = length + 1
        else:
            intended[Span(span.mark, begun[span], length)] = span
        position, length = place, length + 1
    return "".join((*parts, text[position:])), intended


def _misread(styled: Iterable[Span], unintended: Iterable[Span]) -> list[int]:
    """The places in the text of the literal marks that a phone would pair."""
    inserted = sorted(place for span in styled for place in (span.start, span.end))
    shifted = [place + index for index, place in enumerate(inserted)]
    places = []
    for place in (place for span in unintended for place in (span.start - 1, span.end)):
        index = bisect_left(shifted, place)
        if index == len(shifted) or shifted[index] != place:
            places.append(place - index)
    return sorted(places)


def _guarded(runs: Sequence[Run], places: Iterable[int]) -> Sequence[Run]:
    """Make code of the words around the marks at these places of the text."""
    starts = _starts(runs)
    marks: dict[int, list[int]] = {}
    for place in places:
        index = bisect_right(starts, place) - 1
        marks.setdefault(index, []).append(place - starts[index])
    return joined(merged(_parts(runs, marks)))


def _parts(runs: Sequence[Run], marks: Mapping[int, Sequence[int]]) -> Iterator[Run]:
    for index, run in enumerate(runs):
        yield from guarded(run, marks[index]) if index in marks and not run.code else (run,)


def _all_guarded(runs: Sequence[Run]) -> Sequence[Run]:
    """No styles, and all marks in code: what no phone misreads."""
    plain = merged([run._replace(styles=frozenset()) for run in runs])
    return joined(merged([part for run in plain for part in guarded(run)]))
