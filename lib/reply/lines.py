"""Lines whose marks no phone can misread: most of them, and written without a second look."""

import re
from collections.abc import Sequence
from itertools import pairwise

from lib.reply.inline import STYLES, link_text
from lib.reply.marks import is_word
from lib.reply.node import Node
from lib.reply.urls import without_urls

_MARK = re.compile(r"[*_~`]")
# Ticks, and marks but those inside a word.
_SPECIAL = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_CODE = re.compile(r"(?!\s*\Z)[^`\n]+")
_LINE_END = "\n"


def clear_start(nodes: Sequence[Node | str]) -> tuple[str, int]:
    """Write a line as far as its marks need no second look; return this, and its number of nodes.

    They need none if what is styled stands between blanks or punctuation, and in the text there
    are no ticks, and no marks but inside words. What is left begins at a blank, where no mark is
    open: a phone reads it as a line of its own.
    """
    if len(nodes) == 1 and isinstance(nodes[0], str):
        text = _clear(nodes[0])
        return text, 1 if text else 0
    parts: list[str] = []
    before = _LINE_END
    for node, following in pairwise((*nodes, _LINE_END)):
        part = _clear(node) if isinstance(node, str) else _written(node, before, following)
        if not part:
            break
        parts.append(part)
        before = part[-1]
    count = len(parts)
    while 0 < count < len(nodes) and not _blank_between(nodes[count - 1], nodes[count]):
        count -= 1
    line = "".join(parts[:count])
    return (line, count) if without_urls(line) == line else ("", 0)


def _blank_between(left: Node | str, right: Node | str) -> bool:
    begins = isinstance(right, str) and right[:1].isspace()
    return begins or (isinstance(left, str) and left[-1:].isspace())


def _clear(text: str) -> str:
    """The text, or nothing if a mark in it could be misread."""
    if not _MARK.search(text):
        return text
    return "" if _SPECIAL.search(text) or without_urls(text) != text else text


def _written(node: Node, before: str, following: Node | str) -> str:
    """A node with its marks, or nothing if they could be misread, or it has parts of its own."""
    match node.kind:
        case "Strong" | "Emphasis" | "Strikethrough":
            return _styled(node, before, _beginning(following))
        case "Code":
            clear = before != "`" and _CODE.fullmatch(node.detail)
            return f"`{node.detail}`" if clear else ""
        case "Link" if isinstance(following, str):
            label = _only_text(node)
            text = link_text(node, label) if label else ""
            # Beside a word, what a phone takes for an address may be more than that.
            beside = text == label.strip() and (is_word(before) or is_word(following[:1]))
            return "" if beside else _clear(text)
    return ""


def _styled(node: Node, before: str, after: str) -> str:
    opening, text = _nested(node)
    text = _clear(text)
    if not text or not after or text != text.strip():
        return ""
    if is_word(before) or is_word(after):
        return text
    return f"{opening}{text}{opening[::-1]}"


def _nested(node: Node) -> tuple[str, str]:
    """The opening marks of a style and of those that span all of it, and what they hold as text.

    That is nothing if there is more in it than a single text.
    """
    text = _only_text(node)
    if text:
        return STYLES[node.kind], text
    marks = {STYLES[node.kind]}
    while len(node.children) == 1 and isinstance(inner := node.children[0], Node):
        if inner.kind not in STYLES:
            break
        marks.add(STYLES[inner.kind])
        node = inner
    return "".join(sorted(marks)), _only_text(node)


def _only_text(node: Node) -> str:
    """What a node holds if that is a single text, or else nothing."""
    children = node.children
    return children[0] if len(children) == 1 and isinstance(children[0], str) else ""


def _beginning(node: Node | str) -> str:
    """The first character that is written of a node, or nothing if that depends."""
    if isinstance(node, str):
        return node[:1]
    return "`" if node.kind == "Code" else ""
