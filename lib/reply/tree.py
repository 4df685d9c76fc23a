"""Markdown as a tree: CommonMark with tables, but for its styles, whose marks are text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pyromark import Markdown, Options

from lib.errors import WorkLimitError
from lib.reply.escapes import hide_escaped
from lib.reply.urls import hide_marks, show_marks

_DEEPEST = 60
_SPECIAL = re.compile("[*_~\ufdd0-\ufdef]")
_MARKS = {mark.encode(): mark for mark in ("*", "**", "_", "__", "~~")}
# A strike has one mark or two.
_WIDTHS = {"Emphasis": 1, "Strong": 2, "Strikethrough": 2}
_EDGES = {"Start", "End"}
_LINE_BREAKS = {"SoftBreak", "HardBreak"}


class UnreadableError(ValueError):
    """There is no tree of this Markdown."""


class TooDeepError(UnreadableError):
    """It is nested deeper than anybody could read."""


class BrokenParserError(UnreadableError):
    """The parser broke off, which is a bug of the parser."""


class Parser(Protocol):
    """Reads Markdown into events with their places."""

    def events_with_range(self, markdown: str, /, *, merge_text: bool) -> Iterator[tuple[Any, Any]]:
        """An event is a name, or a name with its detail; a place is in bytes of UTF-8."""


PARSER: Parser = Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH)


class Node:
    """A part of a Markdown text; text itself, line breaks and HTML are strings among the children.

    ``kind`` and ``detail`` are what the parser calls it; ``marked`` are those parts of a block of
    the text in whose own text marks or stand-ins are.
    """

    __slots__ = ("children", "detail", "kind", "marked")

    def __init__(self, kind: str, detail: Any = None) -> None:
        self.kind = kind
        self.detail = detail
        self.children: list[Node | str] = []
        self.marked: Sequence[Node] = ()

    @property
    def parts(self) -> "list[Node]":
        """The children of a node that holds no text of its own."""
        return [child for child in self.children if isinstance(child, Node)]


def parse(markdown: str, parser: Parser = PARSER) -> Iterator[Node | str]:
    """Return the blocks of the text, one after the other. Takes time linear in its length.

    Raises:
        UnreadableError: there are none; see its two kinds.
    """
    text = hide_marks(_readable(markdown))
    try:
        yield from _blocks(parser.events_with_range(text, merge_text=True), text.encode())
    except (KeyboardInterrupt, SystemExit, GeneratorExit, UnreadableError, WorkLimitError):
        raise
    except BaseException as error:
        # A panic of Rust arrives as a class that nobody can name, and that is no Exception: it
        # would end the thread it meets.
        raise BrokenParserError(type(error).__name__) from error


# One loop without a call for each event, of which there are more than anything else.
def _blocks(  # noqa: C901
    events: Iterator[tuple[Any, Any]], source: bytes
) -> Iterator[Node | str]:
    children: list[Node | str] = []
    node = Node("")
    around: list[tuple[list[Node | str], Node]] = []
    marked: dict[Node, None] = {}
    for event, place in events:
        kind: str
        detail: Any
        kind, detail = event.popitem() if isinstance(event, dict) else (event, None)
        if kind == "Text":
            if _SPECIAL.search(detail):
                marked[node] = None
                detail = hide_escaped(detail, source, place)
            children.append(detail)
        elif isinstance(detail, str) and detail in _WIDTHS and kind in _EDGES:
            marked[node] = None
            start = place["start"]
            # A strike has one mark or two.
            children.append(_MARKS.get(source[start : start + _WIDTHS[detail]], "~"))
        elif kind == "Start":
            around.append((children, node))
            kind, detail = detail.popitem() if isinstance(detail, dict) else (detail, None)
            node = Node(kind, detail)
            children.append(node)
            children = node.children
            if len(around) >= _DEEPEST:
                raise TooDeepError
        elif kind == "End":
            children, node = around.pop()
        else:
            children.append(_leaf(kind, detail))
        if not around:
            block = children.pop()
            if isinstance(block, Node):
                block.marked, marked = list(marked), {}
            yield block


def _leaf(kind: str, detail: Any) -> Node | str:
    if kind in _LINE_BREAKS:
        return "\n"
    text = detail and show_marks(detail)
    return text if kind == "Html" else Node(kind, text)


def _readable(markdown: str) -> str:
    """The text with one kind of line end, and without half characters, which nobody could send."""
    whole = markdown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
