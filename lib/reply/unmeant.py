"""What Markdown takes for links although nobody meant one: brackets of code outside ticks."""

import re
from collections.abc import Mapping

from lib.reply.node import Node
from lib.reply.standins import without_marks

_BEFORE_CALL = re.compile(rb"[A-Za-z0-9_)\]]")
_ARGUMENT = re.compile(rb"\]\(([A-Za-z0-9_]*)\)")


def keep_unmeant(link: Node, source: bytes, place: Mapping[str, int]) -> bool:
    """Make text, as it is written, of a link that is none; return whether it is.

    The link has no target that a phone can open. Nothing could be seen of it without words, too:
    ``list[]()``. Behind a word, brackets with a single word in the second pair are an index and
    a call: ``f[0](x)``.
    """
    start, end = place["start"], place["end"]
    if not any(isinstance(child, Node) or child.strip() for child in link.children):
        link.children = [without_marks(source[start:end].decode())]
        return True
    call = _ARGUMENT.fullmatch(source, max(source.rfind(b"](", start, end), start), end)
    if not call or not _BEFORE_CALL.fullmatch(source, max(start - 1, 0), start):
        return False
    link.children = ["[", *link.children, without_marks(f"]({call[1].decode()})")]
    return True
