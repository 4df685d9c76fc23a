"""One line of styled runs with WhatsApp's marks, so that a phone pairs exactly what is meant."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from lib.reply.inline import Run, styled_lines
from lib.reply.lines import clear_start
from lib.reply.marks import FENCE, Span, spans
from lib.reply.tree import Node
from lib.reply.urls import BARE_URL, without_urls
from lib.reply.work import checkpoint

_MARK = re.compile(r"[*_~]")
# What is put into inline code as one word: no blanks, no ticks, no punctuation around it.
_WORD = re.compile(r"[^\s`,.;:!?()\[\]{}\"'<>]+")
_ORDER = "*_~"
_ROUNDS = 3


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


def _line(nodes: Sequence[Node | str]) -> str:
    clear, count = clear_start(nodes)
    if count == len(nodes):
        return clear
    checkpoint()
    return clear + "\n".join(map(_careful, styled_lines(nodes[count:])))


def _careful(runs: Sequence[Run]) -> str:
    text = "".join(map(literal, runs))
    if not _MARK.search(text) and not any(run.styles for run in runs):
        return text
    styled = [span for span in _styled(runs) if _shows(text, span)]
    for _ in range(_ROUNDS):
        checkpoint()
        line, intended = _marked(text, styled)
        found = {span for span in spans(without_urls(line)) if span.mark in _ORDER}
        if found == intended:
            return line
        wrong = _literal_marks(styled, found - intended) or _all_marks(text)
        text, styled = _wrapped(text, styled, wrong)
    return text


def literal(run: Run) -> str:
    """The text of a run; code between ticks."""
    if not run.code or not run.text.strip() or FENCE in run.text:
        return run.text
    tick = FENCE if "`" in run.text else "`"
    return f"{tick}{run.text}{tick}"


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
    return found


def _trimmed(line: str, span: Span) -> Span:
    part = line[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(span.mark, start, max(start, span.start + len(part.rstrip())))


def _shows(text: str, span: Span) -> bool:
    around = text[span.start - 1 : span.start] + text[span.end : span.end + 1]
    return span.start < span.end and not any(c.isalnum() for c in around)


def _marked(text: str, styled: Iterable[Span]) -> tuple[str, set[Span]]:
    """Return the line with its marks, and the pairs a phone should find in it."""
    events = sorted(
        [(s.start, 1, -s.end, _ORDER.index(s.mark), s) for s in styled]
        + [(s.end, 0, -s.start, -_ORDER.index(s.mark), s) for s in styled]
    )
    parts, position, length = [], 0, 0
    begun: dict[Span, int] = {}
    intended = set()
    for place, opens, _, _, span in events:
        parts += [text[position:place], span.mark]
        length += place - position
        if opens:
            begun[span] = length + 1
        else:
            intended.add(Span(span.mark, begun[span], length))
        position, length = place, length + 1
    return "".join((*parts, text[position:])), intended


def _literal_marks(styled: Iterable[Span], unintended: Iterable[Span]) -> list[int]:
    """The places in the text of the literal marks that a phone would pair."""
    inserted = sorted(place for span in styled for place in (span.start, span.end))
    shifted = [place + index for index, place in enumerate(inserted)]
    places = []
    for place in (place for span in unintended for place in (span.start - 1, span.end)):
        index = bisect_left(shifted, place)
        if index == len(shifted) or shifted[index] != place:
            places.append(place - index)
    return places


def _all_marks(text: str) -> list[int]:
    links = [url.span() for url in BARE_URL.finditer(text)]
    return [
        mark.start()
        for mark in _MARK.finditer(text)
        if not any(start <= mark.start() < end for start, end in links)
    ]


def _wrapped(text: str, styled: Iterable[Span], marks: Iterable[int]) -> tuple[str, list[Span]]:
    """Put the words around these marks into inline code."""
    edges = sorted({place for span in styled for place in (span.start, span.end)})
    words = sorted({_word(text, mark, edges) for mark in marks})
    parts, position = [], 0
    for start, end in words:
        parts += [text[position:start], "`", text[start:end], "`"]
        position = end
    starts, ends = [w[0] for w in words], [w[1] for w in words]

    def moved(place: int, *, opening: bool) -> int:
        before = bisect_left(starts, place) if opening else bisect_right(starts, place - 1)
        return place + before + bisect_right(ends, place)

    shifted = [
        Span(s.mark, moved(s.start, opening=True), moved(s.end, opening=False)) for s in styled
    ]
    return "".join((*parts, text[position:])), shifted


def _word(text: str, mark: int, edges: Sequence[int]) -> tuple[int, int]:
    left = edges[bisect_right(edges, mark) - 1] if edges and edges[0] <= mark else 0
    index = bisect_right(edges, mark)
    right = edges[index] if index < len(edges) else len(text)
    for match in _WORD.finditer(text, max(left, mark - 200), min(right, mark + 200)):
        if match.start() <= mark < match.end():
            return match.span()
    return (mark, mark + 1)
