"""HTML in a Markdown tree as more of that tree: what it says, in the parts that Markdown has."""

from collections.abc import Iterable, Iterator

from lib.reply.builder import Builder
from lib.reply.containers import flat
from lib.reply.inline import plain_text
from lib.reply.nesting import BLOCKS
from lib.reply.node import Node

_HTML = frozenset({"InlineHtml", "HtmlBlock"})
_OF_BLOCKS = frozenset({"BlockQuote", "FootnoteDefinition"})
_OF_BOTH = frozenset({"Item", "HtmlBlock"})


def read(nodes: Iterable[Node | str]) -> Iterator[Node | str]:
    """Yield the blocks of a text with their HTML read.

    A list or table that HTML opens may hold what Markdown has behind a blank line.
    """
    builder: Builder | None = None
    for node in nodes:
        block = node if isinstance(node, Node) else Node("Paragraph")
        if block.has_html and block.kind != "HtmlBlock":
            _fold(block)
        if builder is None and block.kind != "HtmlBlock":
            yield node
            continue
        builder = builder or Builder()
        if block.kind == "HtmlBlock":
            builder.feed(plain_text(block.children))
        else:
            builder.add(node)
        if not builder.is_open:
            yield _html_block(builder)
            builder = None
    if builder:
        yield _html_block(builder)


def _html_block(builder: Builder) -> Node:
    node = Node("HtmlBlock")
    node.children = builder.result()
    return node


def _fold(node: Node) -> None:
    """Read the HTML anywhere inside a node."""
    for child in node.parts:
        child.has_html = child.kind not in _HTML
        if child.has_html:
            _fold(child)
    if node.kind in _OF_BLOCKS:
        node.children = list(read(node.children))
    elif any(child.kind in _HTML for child in node.parts):
        # An emphasis always holds something, if it is only the text between two tags.
        node.children = _folded(node.children) or [""]
        if not any(child.kind in BLOCKS for child in node.parts) or node.kind in _OF_BOTH:
            return
        if node.kind == "Paragraph":
            node.kind = "Mixed"
        else:
            node.children = flat(node.children)


def _folded(nodes: Iterable[Node | str]) -> list[Node | str]:
    builder = Builder()
    for node in nodes:
        if isinstance(node, str) or node.kind not in _HTML:
            builder.add(node)
        elif node.kind == "InlineHtml":
            builder.feed_tag(node.detail)
        else:
            builder.feed(plain_text(node.children))
    return builder.result()
