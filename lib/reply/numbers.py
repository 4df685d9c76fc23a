"""The numbers of an ordered list: those of its source, unless they are only counted."""

import re
from itertools import pairwise

from lib.reply.tree import Node

_NUMBER = re.compile(rb"(\d{1,9})([.)])")
_SIGN = rb"(?:\d{1,9}[.)]|[-+*])"
_NESTED = re.compile(rb"%s[ \t]+%s(?:[ \t]|$)" % (_SIGN, _SIGN))


def numbers(ordered: Node) -> list[str]:
    """Return the number of each item with its sign, as a reader is to see it.

    Markdown counts from the first number. That is meant where all numbers are the same, and is
    what stands there where they go up by one; dates, ranks and clauses are neither.
    """
    written = [_written(item, ordered.detail + index) for index, item in enumerate(ordered.parts)]
    if len(written) > 1 and len({number for number, _ in written}) == 1:
        first, sign = written[0]
        width = len(first)
        return [f"{int(first) + index:0{width}}{sign}" for index in range(len(written))]
    return [number + sign for number, sign in written]


def is_counted(ordered: Node) -> bool:
    """Whether the items are counted, rather than named by their numbers."""
    values = [int(_written(item, index)[0]) for index, item in enumerate(ordered.parts)]
    return len(set(values)) == 1 < len(values) or all(b == a + 1 for a, b in pairwise(values))


def is_date(item: Node, *, inside: bool) -> bool:
    """Whether what Markdown takes for a list within an item is a date, such as ``3. 10. 2026``.

    ``inside`` says that the item itself stands so.
    """
    is_numbered = inside or item.source[:1].isdigit()
    lists = [child for child in item.parts if child.kind == "List"]
    single = len(lists) == 1 and len(lists[0].parts) == 1
    return is_numbered and single and _NESTED.match(item.source) is not None


def _written(item: Node, counted: int) -> tuple[str, str]:
    match = _NUMBER.match(item.source)
    return (match[1].decode(), match[2].decode()) if match else (str(counted), ".")
