"""Styles in a Markdown tree, put where the marks in its text mean them.

While a text is read, marks that are no styles for certain (escaped ones, those of URLs) are
stand-ins; in what comes out of here are none.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lib.reply.delimiters import Pair
from lib.reply.pairing import pairs
from lib.reply.tree import Node
from lib.reply.urls import show_marks

_KINDS = {"*": "Emphasis", "**": "Strong", "_": "Emphasis", "__": "Strong", "~~": "Strikethrough"}
_SPECIAL = re.compile("[*_~\ufdd0-\ufdef]")
_AS_WRITTEN = {"CodeBlock", "HtmlBlock"}
_BLOCKS = {"Paragraph", "List", "BlockQuote", "Heading", "Rule", "Table", *_AS_WRITTEN}
_LINE_END = "\n"
_INLINE = "\U0002fffe"
"""Stands where a node is: a code point that is no character, and so neither blank nor letter."""


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
        parts = groupby(node.children, _is_block)
        put = _shown if node.kind in _AS_WRITTEN else _styled
        node.children = [
            child for is_block, part in parts for child in (part if is_block else put(list(part)))
        ]


def _shown(nodes: Sequence[Node | str]) -> list[Node | str]:
    return [show_marks(node) if isinstance(node, str) else node for node in nodes]


def _is_block(node: Node | str) -> bool:
    return isinstance(node, Node) and node.kind in _BLOCKS


def _styled(nodes: Sequence[Node | str]) -> list[Node | str]:
    text = "".join([node if isinstance(node, str) else _INLINE for node in nodes])
    return _Writer(text, nodes).written(pairs(text))


class _Writer:
    """Puts styles, text and other nodes together again."""

    def __init__(self, text: str, nodes: Sequence[Node | str]) -> None:
        self._text = text
        self._place = 0
        self._others = _others(nodes)
        self._other = next(self._others, None)
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
        while self._other and self._other[0] < end:
            place, node = self._other
            self._write(place)
            self._lists[-1].append(node)
            self._place = place + 1
            self._other = next(self._others, None)
        self._write(end)

    def _write(self, end: int) -> None:
        if self._place < end:
            self._lists[-1].append(show_marks(self._text[self._place : end]))
            self._place = end


def _others(nodes: Sequence[Node | str]) -> Iterator[tuple[int, Node | str]]:
    """Yield what is no text, the ends of lines too, and where it stands."""
    place = 0
    for node in nodes:
        if isinstance(node, Node) or node == _LINE_END:
            yield place, node
            place += 1
        else:
            place += len(node)
