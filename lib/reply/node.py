"""A part of a Markdown text in its tree."""

from collections.abc import Sequence
from typing import Any


class Node:
    """A part of a Markdown text; text itself, line breaks and HTML are strings in ``children``.

    ``kind`` and ``detail`` are what the parser calls it, but for an item: its detail is whether a
    blank line ends it. ``source`` is how the Markdown of an item begins, or all of a heading. Of a
    block of the text, ``marked`` are those parts in whose own text marks or stand-ins are, and
    ``has_html`` says whether there is HTML anywhere in it.
    """

    __slots__ = ("children", "detail", "has_html", "kind", "marked", "source")

    def __init__(self, kind: str, detail: Any = None) -> None:
        self.kind = kind
        self.detail = detail
        self.source = b""
        self.has_html = False
        self.marked: Sequence[Node] = ()
        self.children: list[Node | str] = []

    @property
    def parts(self) -> "list[Node]":
        """The children of a node that holds no text of its own."""
        return [child for child in self.children if isinstance(child, Node)]
