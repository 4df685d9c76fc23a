"""Styles in a Markdown tree, put where the marks in its text mean them.

While a text is read, marks that are no styles for certain (escaped ones, those of URLs) are
stand-ins; in what comes out of here are none.
"""

import re
from collections.abc import Iterator, Sequence
from typing import cast

from lib.reply.delimiters import Pair
from lib.reply.nesting import BLOCKS
from lib.reply.node import Node
from lib.reply.pairing import pairs
from lib.reply.plain_pairs import plain_pairs
from lib.reply.standins import INLINE, SPECIAL, shown

_KINDS = {"*": "Emphasis", "**": "Strong", "_": "Emphasis", "__": "Strong", "~~": "Strikethrough"}
_LINE_END = "\n"
_NO_TEXT = re.compile(f"([{_LINE_END}{INLINE}])")


def with_styles(block: Node | str) -> Node | str:
    """Return a block of a tree with its styles."""
    if isinstance(block, Node):
        for node in block.marked:
            put = _PUT.get(node.kind, _styled)
            node.children = put(node.children)
    return block


def styled(nodes: Sequence[Node | str]) -> Sequence[Node | str]:
    """Return the children of a part of a tree, blocks or none, with the styles of its own text."""
    found = any(isinstance(node, str) and SPECIAL.search(node) for node in nodes)
    return _styled_but_blocks(nodes) if found else nodes


def _shown(nodes: Sequence[Node | str]) -> list[Node | str]:
    return [shown(node) if isinstance(node, str) else node for node in nodes]


def _styled_but_blocks(nodes: Sequence[Node | str]) -> list[Node | str]:
    found: list[Node | str] = []
    loose: list[Node | str] = []
    for node in nodes:
        if isinstance(node, Node) and node.kind in BLOCKS:
            found += [*_styled(loose), node] if loose else [node]
            loose = []
        else:
            loose.append(node)
    return found + _styled(loose) if loose else found


def _styled(nodes: Sequence[Node | str]) -> list[Node | str]:
    others: list[Node] = []
    try:
        text = "".join(cast("Sequence[str]", nodes))
    except TypeError:
        others = [node for node in nodes if isinstance(node, Node)]
        text = "".join([node if isinstance(node, str) else INLINE for node in nodes])
    plain, complete = plain_pairs(text)
    found = plain if complete else pairs(text, plain)
    write = _plainly_written if found is plain else _written
    return write(text if text.isascii() else shown(text), found, iter(others))


def _plainly_written(text: str, found: Sequence[Pair], others: Iterator[Node]) -> list[Node | str]:
    """Put styles, text and other nodes together again where no style is within another."""
    parts: list[Node | str] = []
    position = 0
    is_plain = INLINE not in text and _LINE_END not in text
    for mark, width, start, end in found:
        before, inside = text[position:start], text[start + width : end]
        if before:
            parts += [before] if is_plain else _parts(before, others)
        parts.append(node := Node(_KINDS[mark * width]))
        node.children += [inside] if is_plain else _parts(inside, others)
        position = end + width
    after = text[position:]
    if after:
        parts += [after] if is_plain else _parts(after, others)
    return parts


def _written(text: str, found: Sequence[Pair], others: Iterator[Node]) -> list[Node | str]:
    """Put styles, text and other nodes together again. A style within the same style is none."""
    nodes: list[Node | str] = []
    around: list[list[Node | str]] = []
    open_styles = dict.fromkeys(_KINDS.values(), 0)
    position = 0
    for place, opens, width, kind in _events(found):
        if position < place:
            nodes += _parts(text[position:place], others)
        position = place + width
        if opens and not open_styles[kind]:
            around.append(nodes)
            nodes.append(node := Node(kind))
            nodes = node.children
        elif not opens and open_styles[kind] == 1:
            nodes = around.pop()
        open_styles[kind] += 1 if opens else -1
    return nodes + _parts(text[position:], others) if position < len(text) else nodes


def _events(found: Sequence[Pair]) -> list[tuple[int, bool, int, str]]:
    """Where styles begin and end, which marks are there, and which style it is."""
    events = []
    for mark, width, start, end in found:
        kind = _KINDS[mark * width]
        events += [(start, True, width, kind), (end, False, width, kind)]
    events.sort()
    return events


def _parts(text: str, others: Iterator[Node]) -> list[Node | str]:
    if _LINE_END not in text and INLINE not in text:
        return [text]
    parts = filter(None, _NO_TEXT.split(text))
    return [next(others) if part == INLINE else part for part in parts]


_PUT = {"CodeBlock": _shown, "Item": _styled_but_blocks}
