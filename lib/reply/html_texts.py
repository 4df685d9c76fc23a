"""What stands between HTML's tags, as nodes."""

from html import unescape

from lib.reply.formula_nodes import formula_nodes
from lib.reply.masks import formula_texts
from lib.reply.node import Node
from lib.reply.standins import without_marks
from lib.reply.tree import line_nodes

_MARKUP = frozenset("*_~`[\\")


def text_nodes(line: str) -> list[Node | str]:
    """A line of HTML's text as nodes: people write Markdown in it as well."""
    if not _MARKUP.isdisjoint(line):
        return line_nodes(line)
    nodes: list[Node | str] = []
    for text, is_formula in formula_texts(line):
        nodes += formula_nodes(text) if is_formula else [without_marks(unescape(text))]
    return nodes


def joined(nodes: list[Node | str]) -> list[Node | str]:
    """The nodes with texts side by side as one, without blanks around line breaks."""
    found: list[Node | str] = []
    for node in nodes:
        last = found[-1] if found else None
        if isinstance(node, str) and node != "\n" and isinstance(last, str) and last != "\n":
            found[-1] = last + node
        else:
            found.append(node)
    return found
