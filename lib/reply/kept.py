"""What belongs together in a text and fits into one chunk: links with their labels, table heads.

Ranges of the text, in order. A range has smaller ones to fall back on, for a text in which even
the largest chunk could not hold all of it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lib.reply.marks import FENCE, fences

Range = tuple[int, int]

# Punctuation of scripts without blanks ends an address; a phone makes no link of it.
_BODY = r"(?:[^\s<>\[\]()\"`\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]|\([^\s()<>]*\))+"
# The set of first letters first: that is searched for many times faster.
_ADDRESS = re.compile(
    r"[HhWwMmTt](?<![A-Za-z0-9].)"
    rf"(?i:(?<=h)ttps?://|(?<=w)ww\.|(?<=m)ailto:|(?<=t)el:){_BODY}"
)
_ASCII = re.compile(r"[!-~]+")
_LONGEST_LABEL = 80
# Where the words before an address begin: behind a sign that ends a sentence, a clause or a list
# item's mark, else behind a blank.
_LABEL_BEGINS = re.compile(
    r"(?:[.!?:;,…)]['\"”’*_~]*[^\S\n]+|[。！？、，；：]|^[ >]*(?:[-•◦☐☑]|\d{1,9}[.)])[^\S\n]+)",
    re.MULTILINE,
)
_TABLE = re.compile(r"```\n(?P<head>[^\n]+\n(?P<rule>-+(?:\+-+)*)\n)[^\n]+")


class Kept(NamedTuple):
    """What should stay together, the largest range first."""

    ranges: tuple[Range, ...]

    @property
    def end(self) -> int:
        """Where all of it ends."""
        return self.ranges[0][1]


def kept(text: str) -> list[Kept]:
    """Return what belongs together in a text, by where it begins; nothing overlaps."""
    found: list[Kept] = []
    end = 0
    for one in sorted((*_links(text), *_heads(text))):
        ranges = tuple((max(start, end), stop) for start, stop in one.ranges if stop > end)
        if ranges:  # a table may have addresses in its head
            found.append(Kept(ranges))
            end = found[-1].end
    return found


@lru_cache(maxsize=4)
def table_heads(text: str) -> dict[int, tuple[int, str]]:
    """Return the tables in fences: by where the text in the fence begins, its rows and its head.

    A table has a line of dashes below its head, and no line is longer than that.
    """
    found = {}
    for start, end in fences(text):
        table = _TABLE.match(text, start, end)
        longest = max(map(len, text[start + len(FENCE) : end - len(FENCE)].split("\n")))
        if table and longest == len(table["rule"]):
            found[start + len(FENCE)] = (table.end("head"), table["head"])
    return found


def _heads(text: str) -> Iterator[Kept]:
    for content, (rows, _) in table_heads(text).items():
        first_row_end = text.find("\n", rows)
        yield Kept(((content - len(FENCE), first_row_end),))


def _links(text: str) -> Iterator[Kept]:
    before = 0
    for match in _ADDRESS.finditer(text):
        start, end = match.span()
        bare = _ASCII.match(text, start)
        ranges = [(start, end), (start, bare.end() if bare else end)]
        if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
            bracket = start - 1
            label = _label_start(text, bracket, before)
            word = max(label, text.rfind(" ", label, bracket - 1) + 1)
            ranges = [*((begin, end + 1) for begin in (label, word, bracket)), *ranges]
        before = ranges[0][1]
        yield Kept(tuple(ranges))


def _label_start(text: str, bracket: int, least: int) -> int:
    """Where the label of the address in a bracket begins, as far as anybody can tell."""
    if not text[bracket - 1 : bracket].isspace():
        return bracket
    line = max(text.rfind("\n", least, bracket) + 1, bracket - _LONGEST_LABEL, least)
    begins = [match.end() for match in _LABEL_BEGINS.finditer(text, line, bracket - 1)]
    if begins:
        return begins[-1]
    is_cut = line > 0 and text[line - 1] != "\n"
    blank = text.find(" ", line, bracket - 1)
    return blank + 1 if is_cut and blank >= 0 else line
