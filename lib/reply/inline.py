"""The inline part of a Markdown tree as lines of styled runs."""

from collections.abc import Sequence
from typing import NamedTuple

from lib.reply.literals import is_literal
from lib.reply.tree import Node
from lib.reply.urls import encoded, show_marks

_STYLES = {"Strong": "*", "Emphasis": "_", "Strikethrough": "~"}
_WIDTHS = {"Strong": 2, "Emphasis": 1, "Strikethrough": 1}
_NO_STYLE: frozenset[str] = frozenset()
_WRITTEN_OUT = {"Autolink", "Email"}


class Run(NamedTuple):
    """A piece of one line. ``styles`` are WhatsApp's marks; code is written as it is."""

    text: str
    styles: frozenset[str] = _NO_STYLE
    code: bool = False


def styled_lines(nodes: Sequence[Node | str]) -> list[list[Run]]:
    """Return the lines of inline nodes; soft line breaks stay, since a phone shows them."""
    lines: list[list[Run]] = [[]]
    for run in _runs(nodes):
        if "\n" not in run.text:
            lines[-1].append(run)
            continue
        first, *others = run.text.split("\n")
        lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=text)] for text in others]
    return lines


def plain_text(nodes: Sequence[Node | str]) -> str:
    """The text of nodes without any styles; code keeps its text only."""
    if len(nodes) == 1 and isinstance(nodes[0], str):
        return nodes[0]
    return "".join([run.text for run in _runs(nodes)])


def _runs(nodes: Sequence[Node | str]) -> list[Run]:
    runs: list[Run] = []
    _add(runs, nodes, _NO_STYLE)
    return runs


def _add(runs: list[Run], nodes: Sequence[Node | str], styles: frozenset[str]) -> None:
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            runs.append(Run(node, styles))
        elif node.kind not in _STYLES:
            _add_other(runs, node, styles)
        elif is_literal(node, nodes[index - 1] if index else "", _at(nodes, index + 1)):
            mark = Run(node.source.decode(errors="ignore")[: _WIDTHS[node.kind]], styles)
            runs.append(mark)
            _add(runs, node.children, styles)
            runs.append(mark)
        else:
            _add(runs, node.children, styles | {_STYLES[node.kind]})


def _at(nodes: Sequence[Node | str], index: int) -> Node | str:
    return nodes[index] if index < len(nodes) else ""


def _add_other(runs: list[Run], node: Node, styles: frozenset[str]) -> None:
    match node.kind:
        case "SoftBreak" | "HardBreak":
            runs.append(Run("\n", styles))
        case "Code":
            runs.append(Run(node.detail, styles, code=True))
        case "InlineHtml":
            runs.append(Run("\n" if node.detail.lower().startswith("<br") else "", styles))
        case "Link":
            _add_link(runs, node, styles)
        case "Image":
            runs.append(Run(_labelled(plain_text(node.children), _url(node)), styles))
        case _:
            _add(runs, node.children, styles)


def _add_link(runs: list[Run], node: Node, styles: frozenset[str]) -> None:
    url = _url(node)
    label = plain_text(node.children)
    known = {"", url, url.removeprefix("mailto:"), url.removeprefix("tel:")}
    if label.strip() in known or node.detail["link_type"] in _WRITTEN_OUT:
        runs.append(Run(label.strip() or url, styles))
        return
    _add(runs, node.children, styles)
    runs.append(Run(f" ({url})" if url else "", styles))


def _url(node: Node) -> str:
    return encoded(show_marks(node.detail["dest_url"]))


def _labelled(label: str, url: str) -> str:
    return f"{label} ({url})" if label and url and label != url else label or url
