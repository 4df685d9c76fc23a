"""Runs of ``*``, ``_`` and ``~`` in a text that may begin a style or end one."""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from lib.reply.flanking import Flanking, flanking

_RUN = re.compile(r"\*+|_+|~+")
_POWER = re.compile(r"[-+]?\d+(?![^\W_])")


class Delimiter(NamedTuple):
    """A run of one mark, where it stands, and what is beside it."""

    mark: str
    start: int
    end: int
    length: int
    beside: Flanking


class Pair(NamedTuple):
    """Two marks of the same width (``*`` or ``**``) and where each begins."""

    mark: str
    width: int
    start: int
    end: int


def delimiters(text: str, known: Container[int]) -> Iterator[Delimiter]:
    """Yield the runs that may be a part of a style, but for those that begin at known places."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start in known:
            continue
        mark, length = text[start], end - start
        before, after = text[max(start - 2, 0) : start], text[end : end + 2]
        beside = flanking(mark, length, before, after, _POWER.match(text, end) is not None)
        if beside:
            yield Delimiter(mark, start, end, length, beside)
