"""The inline part of a Markdown tree as lines of styled runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from lib.reply.literals import is_literal

_STYLES = {"strong": "*", "em": "_", "s": "~"}
_NO_STYLE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of one line. ``styles`` are WhatsApp's marks; code is written as it is."""

    text: str
    styles: frozenset[str] = _NO_STYLE
    code: bool = False


def styled_lines(node: SyntaxTreeNode) -> Iterator[list[Run]]:
    """Return the lines of an inline node; soft line breaks stay, since a phone shows them."""
    line: list[Run] = []
    for run in _runs(node, _NO_STYLE):
        first, *others = run.text.split("\n")
        line.append(Run(first, run.styles, run.code))
        for text in others:
            yield line
            line = [Run(text, run.styles, run.code)]
    yield line


def plain_text(node: SyntaxTreeNode) -> str:
    """The text of a node without any styles; code keeps its text only."""
    return "".join(run.text for run in _runs(node, _NO_STYLE))


def _runs(node: SyntaxTreeNode, styles: frozenset[str]) -> Iterator[Run]:
    match node.type:
        case "text":
            yield Run(node.content, styles)
        case "softbreak" | "hardbreak":
            yield Run("\n", styles)
        case "code_inline":
            yield Run(node.content, styles, code=True)
        case "html_inline":
            yield Run("\n" if node.content.lower().startswith("<br") else "", styles)
        case "link":
            yield from _link(node, styles)
        case "image":
            yield Run(_labelled(node.content, str(node.attrs.get("src", ""))), styles)
        case _:
            yield from _children(node, styles)


def _children(node: SyntaxTreeNode, styles: frozenset[str]) -> Iterator[Run]:
    children = node.children
    for before, child, after in zip(
        (None, *children), children, (*children[1:], None), strict=False
    ):
        if child.type not in _STYLES:
            yield from _runs(child, styles)
        elif is_literal(child, before, after):
            yield Run(child.markup, styles)
            yield from _children(child, styles)
            yield Run(child.markup, styles)
        else:
            yield from _children(child, styles | {_STYLES[child.type]})


def _link(node: SyntaxTreeNode, styles: frozenset[str]) -> Iterator[Run]:
    url = str(node.attrs.get("href", ""))
    label = "".join(plain_text(child) for child in node.children)
    if label.strip() in {"", url, url.removeprefix("mailto:"), url.removeprefix("tel:")}:
        yield Run(label.strip() or url, styles)
        return
    for child in node.children:
        yield from _runs(child, styles)
    yield Run(f" ({url})" if url else "", styles)


def _labelled(label: str, url: str) -> str:
    return f"{label} ({url})" if label and url and label != url else label or url
