"""Markdown as a tree: CommonMark with tables, strikethrough and footnotes."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pyromark import Markdown, Options

from lib.reply.masks import formula_texts, masked
from lib.reply.standins import FORMULA_BEGIN, shown, without_stand_ins
from lib.reply.targets import openable
from lib.reply.urls import hide_marks

_DEEPEST = 60
_LONGEST_MARK = 2
_LONGEST_MARGIN = 200
_LONGEST_NUMBERS = 24  # bytes: two numbers of a list, one behind the other
_TARGETS = {"Link", "Image"}
_HTML = {"HtmlBlock", "InlineHtml"}
_GUARD = "("  # punctuation, before which emphasis begins as it does at the beginning of a line
_DESCRIBED = _TARGETS | {"Item", "Heading"}
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


class Node:
    """A part of a Markdown text; text itself, line breaks and HTML are strings in ``children``.

    ``kind`` and ``detail`` are what the parser calls it. ``source`` is how its Markdown
    begins, or all of it if it is a heading. The detail of an item is whether a blank line ends
    it. ``has_html`` says of a block whether there is HTML anywhere in it.
    """

    __slots__ = ("children", "detail", "has_html", "kind", "source")

    def __init__(self, kind: str, detail: Any = None) -> None:
        self.kind = kind
        self.detail = detail
        self.source = b""
        self.has_html = False
        self.children: list[Node | str] = []

    @property
    def parts(self) -> "list[Node]":
        """The children of a node that holds no text of its own."""
        return [child for child in self.children if isinstance(child, Node)]


def parse(markdown: str, parser: Parser = PARSER) -> Iterator[Node | str]:
    """Return the blocks of the text, one after the other. Takes time linear in its length.

    Raises:
        UnreadableError: there are none; see its two kinds.
    """
    try:
        whole = without_stand_ins(_readable(markdown))
        text = hide_marks(masked(whole, _code_places(whole, parser)))
        yield from _blocks(parser.events_with_range(text, merge_text=True), text.encode())
    except (KeyboardInterrupt, SystemExit, GeneratorExit, UnreadableError):
        raise
    except BaseException as error:
        # A panic of Rust arrives as a class that nobody can name, and that is no Exception: it
        # would end the thread it meets.
        raise BrokenParserError(type(error).__name__) from error


def inline_nodes(line: str) -> list[Node | str]:
    """Return the nodes of one line of masked Markdown, which begins no block."""
    text = f"{_GUARD}{line}"
    block = next(_blocks(PARSER.events_with_range(text, merge_text=True), text.encode()))
    nodes = block.children if isinstance(block, Node) else [block]
    first = nodes[0] if nodes else ""
    if not isinstance(first, str) or not first.startswith(_GUARD):
        return [shown(line)]
    return list(filter(None, [first.removeprefix(_GUARD), *nodes[1:]]))


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


def _blocks(events: Iterator[tuple[Any, Any]], source: bytes) -> Iterator[Node | str]:
    children: list[Node | str] = []
    around: list[list[Node | str]] = []
    has_html = False
    for event, place in events:
        kind: str
        detail: Any
        kind, detail = event.popitem() if isinstance(event, dict) else (event, None)
        if kind == "Text" and FORMULA_BEGIN not in detail:
            children.append(detail if detail.isascii() else shown(detail))
        elif kind == "Start":
            kind, detail = detail.popitem() if isinstance(detail, dict) else (detail, None)
            node = Node(kind, detail)
            node.source = source[place["start"] : place["start"] + _LONGEST_MARK]
            if kind in _DESCRIBED:
                _describe(node, source, place)
            children.append(node)
            around.append(children)
            children = node.children
            if len(around) >= _DEEPEST:
                raise TooDeepError
        elif kind == "End":
            children = around.pop()
        else:
            children += _leaves(kind, detail, children)
        has_html = has_html or kind in _HTML
        if not around:
            yield _with_html(children.pop()) if has_html else children.pop()
            has_html = False


def _with_html(block: Node | str) -> Node | str:
    if isinstance(block, Node):
        block.has_html = True
    return block


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


def _leaves(kind: str, detail: Any, before: list[Node | str]) -> Iterable[Node | str]:
    if kind == "Text":
        return _texts(detail)
    if kind in _LINE_BREAKS:
        return ("\n",)
    if kind == "FootnoteReference":
        return (_reference(before, detail),)
    if kind == "Html":
        # Stand-ins stay, so that the brackets of tags are told from the text's own.
        return (detail,)
    return (Node(kind, detail if kind in _HTML else detail and shown(detail)),)


def _reference(children: list[Node | str], label: str) -> str:
    before = children[-1] if children else " "
    apart = isinstance(before, str) and (before[-1:].isspace() or before[-1:] in {"(", "["})
    return f"[{shown(label)}]" if apart else f" [{shown(label)}]"


def _texts(masked_text: str) -> Iterator[Node | str]:
    for text, is_formula in formula_texts(masked_text):
        if is_formula:
            yield from formula_nodes(text)
        else:
            yield text


def formula_nodes(formula: str) -> Iterator[Node | str]:
    """Yield the lines of a formula; what a phone would take for marks is code."""
    for number, line in enumerate(formula.split("\n")):
        if number:
            yield "\n"
        if line.strip():
            yield Node("Code", line) if any(mark in line for mark in "*_~`") else line


def _readable(markdown: str) -> str:
    """The text with one kind of line end, and without half characters, which nobody could send."""
    whole = markdown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
