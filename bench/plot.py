"""The picture of a run: how much of what is allowed each figure uses."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from bench.rows import Row, in_unit

_WIDTH, _LABELS, _BAR_HEIGHT, _GAP, _TOP = 880, 372, 16, 12, 56
_RIGHT = 130
_MOST = 2.0
"""Twice the target is where a bar ends; the figure beside it tells the rest."""

_TITLE = "How much of what is allowed is used: shorter is better, twice the target is cut off"

_MET, _MISSED, _INK, _FAINT = "#2f7d4f", "#c2502e", "#1f2328", "#8c959f"
_FONT = "font-family='system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif'"


def svg(rows: Sequence[Row]) -> str:
    """Return the picture; rows without a target are left out."""
    shown = [row for row in rows if row.target is not None]
    height = _TOP + len(shown) * (_BAR_HEIGHT + _GAP) + 8
    size = f"width='{_WIDTH}' height='{height}'"
    box = f"viewBox='0 0 {_WIDTH} {height}' role='img'"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} {box} {_FONT} font-size='13'>",
        "<title>Each figure against its target</title>",
        f"<rect {size} fill='#ffffff'/>",
        _text(16, 24, _TITLE, weight="600"),
        *_scale(height),
        *(part for number, row in enumerate(shown) for part in _bar(number, row)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(height: int) -> list[str]:
    target = _place(1.0)
    line = f"<line x1='{target}' y1='{_TOP - 8}' x2='{target}' y2='{height - 8}' "
    return [
        f"{line}stroke='{_INK}' stroke-dasharray='4 3'/>",
        _text(target, _TOP - 14, "target", anchor="middle"),
    ]


def _bar(number: int, row: Row) -> list[str]:
    top = _TOP + number * (_BAR_HEIGHT + _GAP)
    end = _place(min(row.share, _MOST))
    colour = _MET if row.met else _MISSED
    base = top + _BAR_HEIGHT - 3
    box = f"x='{_LABELS}' y='{top}' width='{end - _LABELS:.1f}' height='{_BAR_HEIGHT}'"
    return [
        _text(_LABELS - 10, base, row.what, anchor="end"),
        f"<rect {box} rx='2' fill='{colour}'/>",
        _text(end + 6, base, in_unit(row.value, row.unit), colour=colour, weight="600"),
        _text(_WIDTH - 12, base, row.target_text, colour=_FAINT, anchor="end"),
    ]


def _place(share: float) -> float:
    return round(_LABELS + share / _MOST * (_WIDTH - _LABELS - _RIGHT - 60), 1)


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = _INK,
    weight: str = "400",
) -> str:
    style = f"fill='{colour}' text-anchor='{anchor}' font-weight='{weight}'"
    # A white edge, so that words can be read where they cross the line.
    edge = "stroke='#ffffff' stroke-width='4' paint-order='stroke' stroke-linejoin='round'"
    return f"<text x='{x}' y='{y}' {style} {edge}>{escape(words)}</text>"
