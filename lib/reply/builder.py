"""A tree built from HTML's tags, as forgiving as a browser."""

from html import unescape

from lib.reply.containers import begun, finished, into_item, leaf
from lib.reply.elements import Role
from lib.reply.html_texts import joined, text_nodes
from lib.reply.nesting import AROUND, BLOCKS, ENDS, GOING_ON, KINDS, LINES
from lib.reply.node import Node
from lib.reply.standins import shown, without_marks
from lib.reply.styles import styled
from lib.reply.tags import Tag, pieces
from lib.reply.work import checkpoint

_IN_LISTINGS = frozenset({Role.LISTING, Role.LINK, Role.IMAGE, Role.BREAK})
_DEEPEST = 30
"""Tags nested deeper are left out, what they hold is not."""

_CODE = frozenset({"Code", "CodeBlock"})


class Builder:
    """Takes tags and what is between them, and gives nodes."""

    def __init__(self) -> None:
        self._root = Node("HtmlBlock")
        self._stack = [("", self._root)]
        self._after_break = False

    @property
    def is_open(self) -> bool:
        """Whether a list or a table, or a quotation, goes on."""
        return len(self._stack) > 1

    def result(self) -> list[Node | str]:
        """Return what was built; nothing is open afterwards."""
        self._close(1)
        return [*styled(joined(self._root.children))]

    def feed(self, html: str) -> None:
        """Read a block of masked HTML, in which white space means nothing."""
        for piece in pieces(html):
            checkpoint()
            if isinstance(piece, str):
                self._text(piece)
            else:
                self._tag(piece)
        while self.is_open and self._node.kind not in GOING_ON:
            self._close(len(self._stack) - 1)
        unwritten = next((d for d, (name, _) in enumerate(self._stack) if d and not name), None)
        if unwritten:
            self._close(unwritten)
        self._break()

    def feed_tag(self, html: str) -> None:
        """Read a single tag, or a comment."""
        for piece in pieces(html):
            if isinstance(piece, str):
                self._add(without_marks(piece))
            else:
                self._tag(piece)

    def add(self, node: Node | str) -> None:
        """Add what is no HTML, and has its styles already."""
        self._add(without_marks(node) if isinstance(node, str) else node)

    def _add(self, node: Node | str) -> None:
        ends_line, self._after_break = self._after_break and node == "\n", False
        if self._is_hidden or ends_line:
            return
        blank = isinstance(node, str) and not node.strip()
        kind = self._node.kind
        if kind == "List" and not _is(node, "Item"):
            if not blank:
                into_item(self._node, node)
        elif kind in {"Table", "TableRow"} and not _is(node, "TableRow", "TableCell"):
            if not blank:
                self._before_table(node)
        else:
            self._node.children.append(node)

    @property
    def _node(self) -> Node:
        return self._stack[-1][1]

    @property
    def _is_hidden(self) -> bool:
        return self._node.kind == "Hidden"

    @property
    def _is_listing(self) -> bool:
        return any(node.kind == "CodeBlock" for _, node in self._stack)

    def _before_table(self, node: Node | str) -> None:
        around = next(n for _, n in reversed(self._stack) if n.kind not in {"Table", "TableRow"})
        if around.kind == "List":
            into_item(around, node)
        else:
            around.children.append(node)

    def _text(self, text: str) -> None:
        if self._is_listing:
            self.add(shown(unescape(text)))
            return
        line = " ".join(text.split())
        if text[:1].isspace() and not self._is_at_start:
            line = f" {line}"
        if not line or self._is_hidden:
            return
        if text[-1:].isspace() and not line.endswith(" "):
            line += " "
        for node in text_nodes(line):
            self._add(node)

    @property
    def _is_at_start(self) -> bool:
        last = self._node.children[-1] if self._node.children else "\n"
        return last == "\n" or _is(last, *BLOCKS)

    def _break(self) -> None:
        """Begin a line, unless one has just begun."""
        if not self._is_at_start:
            self.add("\n")

    def _tag(self, tag: Tag) -> None:
        if self._is_hidden and not (tag.closing and tag.name == self._stack[-1][0]):
            return
        if self._is_listing and tag.role not in _IN_LISTINGS:
            return
        if tag.role in LINES and not tag.closing:
            self._break()
        if tag.closing:
            self._end(tag)
            if tag.role in LINES:
                self._break()
        elif tag.role in KINDS:
            self._begin(tag)
        else:
            self._add_leaf(tag)

    def _begin(self, tag: Tag) -> None:
        kinds, bounds = ENDS.get(tag.role, (set(), set()))
        for depth in range(len(self._stack) - 1, 0, -1):
            kind = self._stack[depth][1].kind
            if kind in kinds:
                self._close(depth)
            elif kind in bounds:
                break
        if len(self._stack) > _DEEPEST:
            return
        self._surround(tag)
        self._stack.append((tag.name, begun(tag)))
        if tag.alone:
            self._close(len(self._stack) - 1)

    def _surround(self, tag: Tag) -> None:
        """Begin what a tag must stand in."""
        around = [*AROUND.get(tag.role, ())]
        kinds = [kind for kind, _ in around]
        if around and self._node.kind != kinds[-1]:
            missing = (
                around[kinds.index(self._node.kind) + 1 :] if self._node.kind in kinds else around
            )
            self._stack += [
                ("", begun(Tag("", role, closing=False, alone=False))) for _, role in missing
            ]

    def _end(self, tag: Tag) -> None:
        for depth in range(len(self._stack) - 1, 0, -1):
            name, node = self._stack[depth]
            if name == tag.name:
                self._close(depth)
                break
            if node.kind == "TableCell" and tag.role not in {Role.ROW, Role.TABLE}:
                break

    def _close(self, depth: int) -> None:
        while len(self._stack) > depth:
            _, node = self._stack.pop()
            children = joined(node.children)
            node.children = children if node.kind in _CODE else [*styled(children)]
            for part in finished(node, self._last_text()):
                self.add(part)

    def _last_text(self) -> str:
        last = self._node.children[-1] if self._node.children else ""
        return last if isinstance(last, str) else ""

    def _add_leaf(self, tag: Tag) -> None:
        if (node := leaf(tag)) is not None:
            self.add(node)
            self._after_break = tag.role is Role.BREAK


def _is(node: Node | str, *kinds: str) -> bool:
    return isinstance(node, Node) and node.kind in kinds
