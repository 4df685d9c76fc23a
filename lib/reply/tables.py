"""Tables for a narrow screen."""

import unicodedata
from collections.abc import Container, Sequence

from lib.reply.emphasis import bold_line, compose
from lib.reply.inline import plain_text
from lib.reply.node import Node

Cell = Sequence[Node | str]
"""What stands in one cell."""

COLUMNS = 26
"""What one line of monospaced text holds on a small phone."""

MOST_REPEATED = 10_000
"""Characters that the names of columns take, all repetitions together: six messages."""

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


def bulleted(grid: Sequence[Sequence[str]], cells: Sequence[Sequence[Cell]]) -> str:
    """One bullet a row, each value after its column's name; ``grid`` is what the cells say.

    The name of a column without any value stands in the first row, and names that would be
    repeated without end stand in a line above the rows.
    """
    head, *texts = grid
    every_name = ", ".join(filter(None, head))
    if not texts:
        return compose([every_name])
    if sum(map(len, head)) * len(texts) > MOST_REPEATED:
        lines = (compose(_named([""] * len(head), row, set())) for row in cells[1:])
        return "\n".join((bold_line([every_name]), *(f"- {line}" for line in lines)))
    unused = {column for column, texts in enumerate(zip(*texts, strict=False)) if not any(texts)}
    first, *others = cells[1:]
    named = [_named(head, first, unused), *(_named(head, row, set()) for row in others)]
    return "\n".join(f"- {compose(row)}" for row in named)


def _named(head: Sequence[str], row: Sequence[Cell], unused: Container[int]) -> list[Node | str]:
    """The values of a row, each after its column's name."""
    nodes: list[Node | str] = []
    for column, (name, cell) in enumerate(zip(head, row, strict=False)):
        is_empty = not plain_text(cell).strip()
        if is_empty and (column not in unused or not name):
            continue
        nodes += [", "] if nodes else []
        if name:
            label = Node("Strong")
            label.children.append(f"{name}:")
            nodes += [label] if is_empty else [label, " "]
        nodes += cell
    return nodes


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
