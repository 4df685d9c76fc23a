"""Tables for a narrow screen."""

import unicodedata
from collections.abc import Sequence

COLUMNS = 26
"""What one line of monospaced text holds on a small phone."""

_GAP = " | "


def aligned(grid: Sequence[Sequence[str]]) -> str | None:
    """The table with its columns aligned, and a line below its head.

    None if it is too wide for that, or may not stand in a fence.
    """
    text = "".join(map("".join, grid))
    pad, measure = (str.ljust, len) if text.isascii() else (_padded, _width)
    widths = [max(map(measure, column)) for column in zip(*grid, strict=False)]
    if "`" in text or sum(widths) + len(_GAP) * (len(grid[0]) - 1) > COLUMNS:
        return None
    rows = [_GAP.join(map(pad, row, widths)).rstrip() for row in grid]
    rule = "-+-".join("-" * width for width in widths)
    return "\n".join((rows[0], rule, *rows[1:]))


def bulleted(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """One bullet a row, each value after its column's name.

    The name of a column without any value stands in the first row.
    """
    unused = [not any(row[column] for row in rows) for column in range(len(head))]
    lines = [f"- {', '.join(_pairs(head, row, unused))}" for row in rows[:1]]
    lines += [f"- {', '.join(_pairs(head, row))}" for row in rows[1:]]
    return "\n".join(lines) or ", ".join(filter(None, head))


def _pairs(head: Sequence[str], row: Sequence[str], unused: Sequence[bool] = ()) -> list[str]:
    pairs = []
    for column, (name, value) in enumerate(zip(head, row, strict=False)):
        bare = _bare(name)
        if bare and (value or (unused and unused[column])):
            pairs.append(f"*{bare}:* {value}".rstrip())
        elif value:
            pairs.append(value)
    return pairs


def _bare(name: str) -> str:
    return name.replace("*", "")


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
