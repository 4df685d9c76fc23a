"""The numbers of an ordered list: those of its source, unless they are only counted."""

import re
from collections.abc import Iterable
from itertools import pairwise

from lib.reply.node import Node

_NUMBER = re.compile(rb"\d{1,9}[.)]")
_SIGN = rb"(?:\d{1,9}[.)]|[-+*])"
_NESTED = re.compile(rb"%s[ \t]+%s(?:[ \t]|$)" % (_SIGN, _SIGN))


def numbers(ordered: Node) -> list[str]:
    """Return the number of each item with its sign, as a reader is to see it.

    Markdown counts from the first number. That is meant where all numbers are the same, and is
    what stands there where they go up by one; dates, ranks and clauses are neither.
    """
    found: list[str] = []
    for index, item in enumerate(ordered.parts):
        match = _NUMBER.match(item.source)
        found.append(match[0].decode() if match else f"{ordered.detail + index}.")
    if len(found) > 1 and len(set(found)) == 1:
        first, sign = found[0][:-1], found[0][-1]
        found = [f"{int(first) + index:0{len(first)}}{sign}" for index in range(len(found))]
    return found


def is_counted(found: Iterable[str]) -> bool:
    """Whether items with these numbers are counted, rather than named by them."""
    values = [int(number[:-1]) for number in found]
    return all(after == before + 1 for before, after in pairwise(values))


def is_date(item: Node, *, inside: bool) -> bool:
    """Whether what Markdown takes for a list within an item is a date, such as ``3. 10. 2026``.

    ``inside`` says that the item itself stands so.
    """
    lists = [child for child in item.parts if child.kind == "List"]
    if len(lists) != 1 or len(lists[0].parts) != 1 or not _NESTED.match(item.source):
        return False
    return inside or item.source[:1].isdigit() or lists[0].detail is not None
