"""The media of an answer: taken out of its tree, so that they follow its text as messages.

A link that stands alone in its line, and a picture anywhere but in tables, becomes a medium. Where
it stood, its words stay unless they are seen with the medium. What comes first is taken first, so
the beginning of an answer is decided upon as it would be alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lib.model import Chunk, Enclosing, OutboundKind, OutboundMedia
from lib.reply.contact_cards import contact_card
from lib.reply.enclosable import file_at, number_at, place_at, shows_caption
from lib.reply.links import is_blank, label_of, lone, name_of
from lib.reply.menus import cut
from lib.reply.nesting import BLOCKS
from lib.reply.node import Node
from lib.reply.units import units
from lib.reply.work import checkpoint

MOST = 4
"""Media of one answer; the links behind stay links."""

MOST_CAPTION = 1_024
"""UTF-16 units below a picture (WhatsApp Cloud API, "Media messages")."""

_MOST_LINKS = 100
"""Links that become one of them: who repeats a picture a thousand times shows it once."""

_MOST_LABEL = 300
_MAP = "https://www.google.com/maps/search/?api=1&query="
_APART = frozenset({"CodeBlock", "FootnoteDefinition", "Rule", "Table"})

_Nodes = list[Node | str]


class Enclosures:
    """Takes media out of blocks; ``found`` are their chunks, each with the text in its place."""

    def __init__(self, enclosing: Enclosing) -> None:
        self.found: list[Chunk] = []
        self._enclosing = enclosing
        self._links = 0

    def left(self, blocks: Iterable[Node | str]) -> Iterator[Node | str]:
        """Yield the blocks of a text without the media that are taken out of them."""
        for block in blocks:
            checkpoint()
            if isinstance(block, Node):
                self._visit(block)
            yield block

    def _visit(self, node: Node, *, counted: bool = False) -> None:
        if node.kind == "List":
            for item in node.parts:
                self._visit(item, counted=node.detail is not None)
        elif node.kind not in _APART:
            node.children = list(self._children(node.children, counted=counted))

    def _children(self, nodes: Sequence[Node | str], *, counted: bool) -> Iterator[Node | str]:
        """The children of a block, of which some are blocks, and others lie in lines."""
        loose: _Nodes = []
        for node in nodes:
            if isinstance(node, Node) and (node.kind in BLOCKS or node.kind == "Mixed"):
                yield from self._lines(loose, counted=counted)
                loose = []
                self._visit(node, counted=counted)
                yield node
            else:
                loose.append(node)
        yield from self._lines(loose, counted=counted)

    def _lines(self, nodes: _Nodes, *, counted: bool) -> _Nodes:
        lines: list[_Nodes] = [[]]
        for node in nodes:
            if node == "\n":
                lines.append([])
            else:
                lines[-1].append(node)
        left = [self._line(line, counted=counted) for line in lines]
        # A line goes with the medium that was all of it.
        kept = [new for new, old in zip(left, lines, strict=True) if new or not old]
        joined: _Nodes = []
        for number, line in enumerate(kept):
            joined += ["\n", *line] if number else line
        return joined

    def _line(self, line: _Nodes, *, counted: bool) -> _Nodes:
        visible = [node for node in line if not is_blank(node)]
        links = [link for node in visible if (link := lone(node, alone=len(visible) == 1))]
        if not links or len(links) < len(visible):
            return self._sentence(line)
        left: _Nodes = []
        for node, link in zip(visible, links, strict=True):
            words = self._words(link, counted=counted)
            words = self._sentence([node]) if words is None else words
            left += [" ", *words] if left and words else words
        return left

    def _words(self, link: Node, *, counted: bool) -> _Nodes | None:
        """Take a link that stands alone; return what of it stays, or None if all of it does."""
        medium = self._medium(link)
        if medium is None:
            return None
        label = label_of(link)
        if shows_caption(medium) and not counted and units(label) <= MOST_CAPTION:
            return []
        return list(link.children) if label else [medium.name]

    def _sentence(self, nodes: Sequence[Node | str]) -> _Nodes:
        """Take the pictures out of a line that says more; what they show is said in their place."""
        left: _Nodes = []
        for node in nodes:
            if isinstance(node, str):
                left.append(node)
            elif node.kind == "Image" and self._medium(node):
                left += node.children
            else:
                node.children = self._sentence(node.children)
                left.append(node)
        return left

    def _medium(self, link: Node) -> OutboundMedia | None:
        """Return the medium that a link becomes, and keep it; None if it stays a link."""
        is_open = len(self.found) < MOST and self._links < _MOST_LINKS
        chunk = self._chunk(link) if is_open else None
        if chunk is None:
            return None
        self._links += 1
        if chunk not in self.found:
            self.found.append(chunk)
        return chunk.media

    def _chunk(self, link: Node) -> Chunk | None:
        target = link.detail["dest_url"]
        if (file := file_at(target, self._enclosing)) is not None:
            label = label_of(link)
            caption = cut(label, MOST_CAPTION) if shows_caption(file) else ""
            return Chunk(_instead(label, file.url), media=replace(file, caption=caption))
        if (place := place_at(target)) is not None:
            named = replace(place, label=cut(name_of(link), _MOST_LABEL))
            medium = OutboundMedia(OutboundKind.PLACE, location=named)
            return Chunk(_instead(label_of(link), f"{_MAP}{place.coordinates}"), media=medium)
        number = number_at(target) if self._enclosing.contacts else ""
        if number and any(map(str.isalpha, name := name_of(link))):
            words = cut(label_of(link), _MOST_LABEL)
            return Chunk(f"{words}: {number}", media=contact_card(name, number))
        return None


def _instead(label: str, url: str) -> str:
    words = cut(label, _MOST_LABEL)
    return f"{words} ({url})" if words else url
