"""What Markdown is not to read: stand-ins for it, and the text behind them again."""

from collections.abc import Iterator

from lib.reply.angles import Angles, sort_angles
from lib.reply.formulas import SIGNS, formula_places, without_margins, written
from lib.reply.standins import FORMULA_BEGIN, FORMULA_END, hidden, hiding, shown

Place = tuple[int, int]
"""Where something begins and ends in a text."""

_NO_ANGLES = Angles([], [], [])
# Between tags for code only entities are read, and the end of a paragraph.
_IN_CODE = hiding("*_~\\`[]!|<")


def masked(markdown: str, code: Iterator[Place]) -> str:
    """Return the Markdown with stand-ins for formulas, and for ``<`` that begins no HTML.

    ``code`` yields where code is, in order; it is asked for only where it matters.
    """
    has_angles = "<" in markdown
    if not has_angles and not SIGNS.search(markdown):
        return markdown
    known = list(code)
    html, brackets, spans = sort_angles(markdown, known) if has_angles else _NO_ANGLES
    formulas = formula_places(markdown, sorted(known + html + spans))
    parts = [(start, start + 1, hidden("<")) for start in brackets]
    parts += [(start, end, markdown[start:end].translate(_IN_CODE)) for start, end in spans]
    parts += [(start, end, _hidden_formula(markdown[start:end])) for start, end in formulas]
    return _replaced(markdown, sorted(parts))


def formula_texts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a masked text and whether each is a formula, which is shown as it is."""
    first, *others = text.split(FORMULA_BEGIN)
    if first:
        yield first, False
    for part in others:
        source, _, after = part.partition(FORMULA_END)
        yield written(without_margins(shown(source))), True
        if after:
            yield after, False


def _hidden_formula(source: str) -> str:
    return f"{FORMULA_BEGIN}{hidden(source)}{FORMULA_END}"


def _replaced(text: str, replacements: list[tuple[int, int, str]]) -> str:
    parts, position = [], 0
    for start, end, instead in replacements:
        if start >= position:
            parts += [text[position:start], instead]
            position = end
    return "".join((*parts, text[position:]))
