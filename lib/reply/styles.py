"""Styles in a Markdown tree, put where the marks in its text mean them.

While a text is read, marks that are no styles for certain (escaped ones, those of URLs) are
stand-ins; in what comes out of here are none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from lib.reply.delimiters import Pair
from lib.reply.pairing import pairs
from lib.reply.tree import Node
from lib.reply.urls import INLINE, show_marks

_KINDS = {"*": "Emphasis", "**": "Strong", "_": "Emphasis", "__": "Strong", "~~": "Strikethrough"}
_SPECIAL = re.compile("[*_~\ufdd0-\ufdef]")
_AS_WRITTEN = {"CodeBlock", "HtmlBlock"}
_BLOCKS = {"Paragraph", "List", "BlockQuote", "Heading", "Rule", "Table", *_AS_WRITTEN}
_LINE_END = "\n"
_NO_TEXT = re.compile(f"([{_LINE_END}{INLINE}])")


def with_styles(block: Node | str) -> Node | str:
    """Return a block of a tree with its styles."""
    if isinstance(block, Node):
        _put_styles(block)
    return block


def _put_styles(node: Node) -> None:
    special = False
    for child in node.children:
        if isinstance(child, str):
            special = special or _SPECIAL.search(child) is not None
        elif child.children:
            _put_styles(child)
    if special:
        node.children = _shown(node) if node.kind in _AS_WRITTEN else _with_styled_parts(node)


def _shown(node: Node) -> list[Node | str]:
    return [show_marks(child) if isinstance(child, str) else child for child in node.children]


def _with_styled_parts(node: Node) -> list[Node | str]:
    if node.kind != "Item":
        return _styled(node.children)
    parts = groupby(node.children, _is_block)
    return [
        child for is_block, part in parts for child in (part if is_block else _styled(list(part)))
    ]


def _is_block(node: Node | str) -> bool:
    return isinstance(node, Node) and node.kind in _BLOCKS


def _styled(nodes: Sequence[Node | str]) -> list[Node | str]:
    text = "".join([node if isinstance(node, str) else INLINE for node in nodes])
    return _Writer(text, nodes).written(pairs(text))


class _Writer:
    """Puts styles, text and other nodes together again."""

    def __init__(self, text: str, nodes: Iterable[Node | str]) -> None:
        self._text = text
        self._place = 0
        self._others: Iterator[Node] = (node for node in nodes if isinstance(node, Node))
        self._lists: list[list[Node | str]] = [[]]
        self._begun: list[str] = []

    def written(self, found: Sequence[Pair]) -> list[Node | str]:
        marks = [(pair.start, True, pair) for pair in found]
        marks += [(pair.end, False, pair) for pair in found]
        for place, opens, pair in sorted(marks):
            self._write_until(place)
            self._place += pair.width
            if opens:
                self._begin(_KINDS[pair.mark * pair.width])
            else:
                self._end()
        self._write_until(len(self._text))
        return self._lists[0]

    def _begin(self, kind: str) -> None:
        """Begin a style; one within the same style is none."""
        is_new = kind not in self._begun
        self._begun.append(kind if is_new else "")
        if is_new:
            node = Node(kind)
            self._lists[-1].append(node)
            self._lists.append(node.children)

    def _end(self) -> None:
        if self._begun.pop():
            self._lists.pop()

    def _write_until(self, end: int) -> None:
        text, self._place = show_marks(self._text[self._place : end]), end
        if not text:
            return
        nodes = self._lists[-1]
        if _LINE_END not in text and INLINE not in text:
            nodes.append(text)
            return
        for part in _NO_TEXT.split(text):
            if part == INLINE:
                nodes.append(next(self._others))
            elif part:
                nodes.append(part)
