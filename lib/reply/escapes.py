"""Marks that Markdown takes for text for certain, told from the others by how they are written."""

import re
from collections.abc import Mapping
from html import unescape

from lib.reply.standins import without_marks

_MARK = re.compile("[*_~]")
_WRITTEN = re.compile(r"\\[!-/:-@\[-`{-~]|&#?\w+;|[*_~]")


def hide_escaped(text: str, source: bytes, place: Mapping[str, int]) -> str:
    r"""Return the text at a place of the source with stand-ins for ``\*`` and ``&ast;`` in it.

    A parser begins a text with what is escaped, and not with the backslash.
    """
    if not _MARK.search(text):
        return text
    start, end = place["start"], place["end"]
    escaped = source[start - 1 : start] == b"\\" if start else False
    if not escaped and source[start:end] == text.encode():
        return text
    written = source[start - escaped : end].decode(errors="replace")
    marks = "".join(map(_shown, _WRITTEN.findall(written)))
    if len(marks) != len(_MARK.findall(text)):
        return without_marks(text)
    following = iter(marks)
    return _MARK.sub(lambda _: next(following), text)


def _shown(written: str) -> str:
    """The marks that are shown of an escape, an entity or a mark; stand-ins for what is no mark."""
    if len(written) == 1:
        return written
    text = written[1:] if written[0] == "\\" else unescape(written)
    return without_marks("".join(_MARK.findall(text)))
