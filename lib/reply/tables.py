"""Tables for a narrow screen."""

import unicodedata
from collections.abc import Sequence

COLUMNS = 26
"""What one line of monospaced text holds on a small phone."""

_GAP = " | "


def fits(grid: Sequence[Sequence[str]]) -> bool:
    """Whether the aligned table is narrow enough, and may stand in a fence."""
    total = sum(_widths(grid)) + len(_GAP) * (len(grid[0]) - 1)
    return total <= COLUMNS and not any("`" in cell for row in grid for cell in row)


def aligned(grid: Sequence[Sequence[str]]) -> str:
    """The table with its columns aligned, and a line below its head."""
    widths = _widths(grid)
    rows = [_GAP.join(map(_padded, row, widths)).rstrip() for row in grid]
    rule = "-+-".join("-" * width for width in widths)
    return "\n".join((rows[0], rule, *rows[1:]))


def bulleted(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """One bullet a row, each value after its column's name."""
    return "\n".join(f"- {', '.join(_pairs(head, row))}" for row in rows) or ", ".join(head)


def _pairs(head: Sequence[str], row: Sequence[str]) -> list[str]:
    named = zip(head, row, strict=False)
    return [f"*{_bare(name)}:* {value}" if _bare(name) else value for name, value in named if value]


def _bare(name: str) -> str:
    return name.replace("*", "")


def _widths(grid: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(_width, column)) for column in zip(*grid, strict=False)]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
