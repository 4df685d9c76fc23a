"""Parts of a tree that hold what stands between two tags of HTML."""

import re
from collections.abc import Iterable, Iterator

from lib.reply.elements import Role
from lib.reply.inline import plain_text
from lib.reply.nesting import BLOCKS, KINDS
from lib.reply.node import Node
from lib.reply.scripts import lowered_beside, raised_beside
from lib.reply.standins import shown
from lib.reply.tags import Tag
from lib.reply.targets import openable

_NUMBER = re.compile(r"[0-9]{1,9}")
_INLINE = frozenset({"Strong", "Emphasis", "Strikethrough", "Link", "Heading", "TableCell"})
_ENCLOSED = {"Quoted": ("“", "”"), "Reading": ("(", ")")}


def begun(tag: Tag) -> Node:
    """Return the part that a tag begins."""
    node = Node(KINDS[tag.role])
    match tag.role:
        case Role.HEADING:
            node.source = b"#"
        case Role.LINK:
            node.detail = target(tag.attribute("href"))
        case Role.NUMBERED:
            start = tag.attribute("start").strip()
            node.detail = int(start) if _NUMBER.fullmatch(start) else 1
        case Role.ITEM:
            node.source = _value(tag)
    return node


def _value(tag: Tag) -> bytes:
    """The number that an item has of its own, as Markdown would begin with it."""
    value = tag.attribute("value").strip()
    return f"{value}. ".encode() if _NUMBER.fullmatch(value) else b""


def target(url: str) -> dict[str, str]:
    """What the parser says of a link to a URL."""
    return {
        "link_type": "Inline",
        "dest_url": openable(_UNSEEN.sub("", url.strip())),
        "title": "",
        "id": "",
    }


def leaf(tag: Tag) -> Node | str | None:
    """Return what a tag without an end stands for; None if nothing."""
    match tag.role:
        case Role.BREAK:
            return "\n"
        case Role.RULE:
            return Node("Rule")
        case Role.IMAGE:
            return picture(tag.attribute("src"), tag.attribute("alt"))
        case Role.MEDIA if url := tag.attribute("src") or tag.attribute("data"):
            return picture(url, tag.attribute("title"))
        case Role.PLAIN if tag.attribute("type").lower() == "checkbox":
            return "☑" if tag.has("checked") else "☐"
    return None


def picture(url: str, label: str) -> Node:
    """A picture, or what else a page fetches: its label and its address."""
    node = Node("Image", target(url))
    node.children.append(" ".join(label.split()))
    return node


def into_item(around: Node, node: Node | str) -> None:
    """Add a node to the last item of a list."""
    if not around.children:
        around.children.append(Node("Item"))
    around.parts[-1].children.append(node)


def finished(node: Node, before: str) -> Iterable[Node | str]:
    """Return what a part is at its end; ``before`` is the text that stands before it."""
    if node.kind in _INLINE:
        node.children = flat(node.children)
    text = shown(plain_text(node.children)) if node.kind in _OF_TEXT else ""
    match node.kind:
        case "Hidden":
            return ()
        case "Code":
            code = " ".join(text.split())
            return (Node("Code", code),) if code else ()
        case "CodeBlock":
            node.children = [text.removeprefix("\n")]
        case "Raised" | "Lowered":
            return _script(node, text, before)
        case "Quoted" | "Reading":
            left, right = _ENCLOSED[node.kind]
            return (left, *node.children, right)
        case "Table":
            return _table(node)
    return (node,) if node.children else ()


_OF_TEXT = frozenset({"Code", "CodeBlock", "Raised", "Lowered"})


def _script(node: Node, text: str, before: str) -> Iterable[Node | str]:
    if node.parts:
        return (" ", *node.children) if before[-1:].isalnum() else node.children
    text = text.strip()
    return (raised_beside(text, before) if node.kind == "Raised" else lowered_beside(text),)


def _table(node: Node) -> Iterable[Node]:
    """The table with as many cells in every row, or nothing."""
    rows = [row for row in node.parts if row.parts]
    width = max((len(row.parts) for row in rows), default=0)
    for row in rows:
        row.children = [*row.parts, *(Node("TableCell") for _ in range(width - len(row.parts)))]
    node.children = [*rows]
    return (node,) if rows else ()


def flat(nodes: Iterable[Node | str]) -> list[Node | str]:
    """Return nodes as parts of one line; what stood on lines of its own is parted by blanks."""
    parts: list[Node | str] = []
    for part in _flat(nodes):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] = _BLANKS.sub(" ", parts[-1] + part)
        else:
            parts.append(part)
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip().removesuffix(",")
    return parts


def _flat(nodes: Iterable[Node | str]) -> Iterator[Node | str]:
    for node in nodes:
        if node == "\n":
            yield " "
        elif isinstance(node, str) or node.kind not in _SPREAD:
            yield node
        elif node.kind == "CodeBlock":
            yield from (" ", Node("Code", " ".join(plain_text(node.children).split())), " ")
        elif node.kind in {"Item", "TableCell"}:
            yield from (*flat(node.children), ", ")
        else:
            yield from (" ", *_flat(node.children), " ")


_UNSEEN = re.compile(r"[\t\n\r]")  # no part of a URL: URL Standard, section 4.4
_BLANKS = re.compile(r"[ ]{2,}")
_SPREAD = BLOCKS | {"Item", "TableHead", "TableRow", "TableCell"}
