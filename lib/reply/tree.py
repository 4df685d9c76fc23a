"""Markdown as a tree: CommonMark with tables and footnotes, but for its styles.

The marks of styles are text; stand-ins (``standins.py``) are in it for what is no Markdown.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from pyromark import Markdown, Options

from lib.reply.escapes import hide_escaped
from lib.reply.formula_nodes import with_formulas
from lib.reply.masks import masked
from lib.reply.node import Node
from lib.reply.standins import FORMULA_BEGIN, SPECIAL, shown, without_stand_ins
from lib.reply.targets import openable
from lib.reply.urls import hide_marks
from lib.reply.work import WorkLimitError

_DEEPEST = 60
_MARKS = {mark.encode(): mark for mark in ("*", "**", "_", "__", "~~")}
# A strike has one mark or two.
_WIDTHS = {"Emphasis": 1, "Strong": 2, "Strikethrough": 2}
_EDGES = {"Start", "End"}
_LONGEST_MARGIN = 200
_LONGEST_NUMBERS = 24  # bytes: two numbers of a list, one behind the other
_GUARD = "("  # what begins no block
_DESCRIBED = {"Link", "Image", "Item", "Heading"}
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


PARSER: Parser = Markdown(
    options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_FOOTNOTES
)


def parse(markdown: str, parser: Parser = PARSER) -> Iterator[Node | str]:
    """Return the blocks of the text, one after the other. Takes time linear in its length.

    Raises:
        UnreadableError: there are none; see its two kinds.
    """
    try:
        whole = without_stand_ins(_readable(markdown))
        text = hide_marks(masked(whole, _code_places(whole, parser)))
        yield from _blocks(parser.events_with_range(text, merge_text=True), text.encode())
    except (KeyboardInterrupt, SystemExit, GeneratorExit, UnreadableError, WorkLimitError):
        raise
    except BaseException as error:
        # A panic of Rust arrives as a class that nobody can name, and that is no Exception: it
        # would end the thread it meets.
        raise BrokenParserError(type(error).__name__) from error


def line_nodes(line: str) -> list[Node | str]:
    """Return the nodes of one line of masked Markdown, which begins no block; marks are text."""
    text = f"{_GUARD}{line}"
    block = next(_blocks(PARSER.events_with_range(text, merge_text=True), text.encode()))
    nodes = block.children if isinstance(block, Node) else [block]
    first = nodes[0] if nodes else ""
    if not isinstance(first, str) or not first.startswith(_GUARD):
        return [line]
    blank = " " if line.endswith(" ") else ""  # no part of a paragraph
    return list(filter(None, [first.removeprefix(_GUARD), *nodes[1:], blank]))


def _code_places(text: str, parser: Parser) -> Iterator[tuple[int, int]]:
    """Yield where code begins and ends, in characters."""
    source = text.encode()
    byte = character = 0
    for event, place in parser.events_with_range(text, merge_text=True):
        if not isinstance(event, dict) or not _is_code(event):
            continue
        edges = []
        for edge in (place["start"], place["end"]):
            between = source[byte:edge]
            character += len(between) if between.isascii() else len(between.decode())
            byte = edge
            edges.append(character)
        yield edges[0], edges[1]


def _is_code(event: dict[str, Any]) -> bool:
    start = event.get("Start")
    return "Code" in event or (isinstance(start, dict) and "CodeBlock" in start)


# One loop without a call for each event, of which there are more than anything else.
def _blocks(  # noqa: C901, PLR0912
    events: Iterator[tuple[Any, Any]], source: bytes
) -> Iterator[Node | str]:
    children: list[Node | str] = []
    node = Node("")
    around: list[tuple[list[Node | str], Node]] = []
    marked: dict[Node, None] = {}
    has_html = False
    for event, place in events:
        kind: str
        detail: Any
        kind, detail = event.popitem() if isinstance(event, dict) else (event, None)
        if kind == "Text":
            # Most texts are ASCII, in which looking for three signs is faster than any pattern.
            special = None if detail.isascii() else SPECIAL.search(detail)
            if special or "*" in detail or "_" in detail or "~" in detail:
                marked[node] = None
                detail = hide_escaped(detail, source, place)
            if FORMULA_BEGIN in detail and node.kind != "CodeBlock":
                children += with_formulas(detail)
            else:
                children.append(detail)
        elif isinstance(detail, str) and detail in _WIDTHS and kind in _EDGES:
            marked[node] = None
            start = place["start"]
            children.append(_MARKS.get(source[start : start + _WIDTHS[detail]], "~"))
        elif kind == "Start":
            around.append((children, node))
            kind, detail = detail.popitem() if isinstance(detail, dict) else (detail, None)
            node = Node(kind, detail)
            if kind in _DESCRIBED:
                _describe(node, source, place)
            has_html = has_html or kind == "HtmlBlock"
            children.append(node)
            children = node.children
            if len(around) >= _DEEPEST:
                raise TooDeepError
        elif kind == "End":
            if node.kind == "Link" and _made_text(node, source, place):
                node.kind = "Unmeant"
                marked[node] = None
            children, node = around.pop()
        else:
            has_html = has_html or kind == "InlineHtml"
            children.append(_leaf(kind, detail))
        if not around:
            block = children.pop()
            if isinstance(block, Node):
                block.marked, marked = list(marked), {}
                block.has_html, has_html = has_html, False
            yield block


def _made_text(link: Node, source: bytes, place: Any) -> bool:
    """Whether a link was none that anybody meant, and is text now."""
    if link.detail["dest_url"]:
        return False
    from lib.reply.unmeant import keep_unmeant  # noqa: PLC0415 - most links open something

    return keep_unmeant(link, source, place)


def _describe(node: Node, source: bytes, place: Any) -> None:
    """Keep more of a node's source, and of a link no more than a phone can open."""
    start = place["start"]
    if node.kind == "Item":
        node.source = source[start : start + _LONGEST_MARGIN].lstrip()[:_LONGEST_NUMBERS]
        node.detail = source.endswith(b"\n\n", 0, place["end"])
    elif node.kind == "Heading":
        node.source = source[start : place["end"]]
    else:
        node.detail["dest_url"] = openable(shown(node.detail["dest_url"]))


def _leaf(kind: str, detail: Any) -> Node | str:
    if kind in _LINE_BREAKS:
        return "\n"
    if kind == "Html":
        # Stand-ins stay, so that the brackets of tags are told from the text's own.
        return str(detail)
    if detail is None or kind == "InlineHtml" or detail.isascii():
        return Node(kind, detail)
    return Node(kind, shown(detail))


def _readable(markdown: str) -> str:
    """The text with one kind of line end, and without half characters, which nobody could send."""
    whole = markdown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
