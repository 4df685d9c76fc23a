"""Links in an answer: which part of a line is one, and what it is called."""

from collections.abc import Iterator

from lib.reply.emphasis import compose
from lib.reply.inline import STYLES, plain_text
from lib.reply.node import Node
from lib.reply.urls import BARE_URL
from lib.reply.visible import clean

_LINKS = frozenset({"Link", "Image"})


def is_blank(node: Node | str) -> bool:
    """Whether a part of a line is spaces."""
    return isinstance(node, str) and not node.strip()


def lone(node: Node | str, *, alone: bool) -> Node | None:
    """The link that a part of a line is, whatever its style; a bare URL is one if it is alone."""
    if isinstance(node, str):
        url = node.strip()
        return _bare(url) if alone and BARE_URL.fullmatch(url) else None
    if node.kind in _LINKS:
        return node
    inner = [child for child in node.children if not is_blank(child)]
    return lone(inner[0], alone=False) if node.kind in STYLES and len(inner) == 1 else None


def _bare(url: str) -> Node:
    return Node("Link", {"link_type": "Autolink", "dest_url": url})


def label_of(link: Node) -> str:
    """The words of a link in WhatsApp's formatting, in one line; none where it shows its target."""
    return _in_one_line(compose(list(_worded(link))), link)


def name_of(link: Node) -> str:
    """The same without any formatting."""
    return _in_one_line(plain_text(list(_worded(link))), link)


def _worded(link: Node) -> Iterator[Node | str]:
    """What a link is called; a picture in it is called by its own words."""
    for child in link.children:
        if isinstance(child, Node) and child.kind == "Image":
            yield from child.children
        else:
            yield child


def _in_one_line(words: str, link: Node) -> str:
    line = " ".join(clean(words).split())
    return "" if line == link.detail["dest_url"] else line
