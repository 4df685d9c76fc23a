"""The inline part of a Markdown tree as lines of styled runs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from lib.reply.marks import is_word
from lib.reply.node import Node
from lib.reply.urls import encoded

STYLES = {"Strong": "*", "Emphasis": "_", "Strikethrough": "~"}
_NO_STYLE: frozenset[str] = frozenset()
_WRITTEN_OUT = {"Autolink", "Email"}
_text = attrgetter("text")
_look = attrgetter("styles", "code")


class Run(NamedTuple):
    """A piece of one line. ``styles`` are WhatsApp's marks; code is written as it is.

    An ``address`` is the target of a link, shown by itself.
    """

    text: str
    styles: frozenset[str] = _NO_STYLE
    code: bool = False
    address: bool = False


def styled_lines(nodes: Sequence[Node | str]) -> list[list[Run]]:
    """Return the lines of inline nodes; soft line breaks stay, since a phone shows them.

    No run is empty, and no two that look alike stand side by side.
    """
    lines: list[list[Run]] = [[]]
    for run in _runs(nodes):
        first, *others = run.text.split("\n")
        lines[-1].append(run._replace(text=first) if others else run)
        lines += [[run._replace(text=text)] for text in others]
    return [merged(line) for line in lines]


def merged(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours that look alike, and leave out what is empty."""
    alike = groupby(filter(_text, runs), _look)
    return [Run("".join(map(_text, same)), *look) for look, same in alike]


def plain_text(nodes: Sequence[Node | str]) -> str:
    """The text of nodes without any styles; code keeps its text only."""
    if len(nodes) == 1:
        node = nodes[0]
        if isinstance(node, str):
            return node
        if node.kind == "Code":
            return str(node.detail)
        if node.kind in STYLES:
            return plain_text(node.children)
    return "".join([run.text for run in _runs(nodes)])


def _runs(nodes: Sequence[Node | str]) -> list[Run]:
    runs: list[Run] = []
    _add(runs, nodes, _NO_STYLE)
    return list(_apart(runs)) if any(run.address for run in runs) else runs


def _apart(runs: Iterable[Run]) -> Iterator[Run]:
    """Part addresses from words beside them, which a phone would take for a part of them.

    A phone sees where an address begins behind a letter of a script without blanks.
    """
    before = Run("")
    for run in filter(_text, runs):
        ends = before.address and is_word(run.text[0])
        begins = run.address and before.text[-1:].isascii() and is_word(before.text[-1:])
        if ends or begins:
            yield Run(" ")
        yield run
        before = run


def _add(runs: list[Run], nodes: Sequence[Node | str], styles: frozenset[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            runs.append(Run(node, styles))
        elif node.kind in STYLES:
            _add(runs, node.children, styles | {STYLES[node.kind]})
        else:
            _add_other(runs, node, styles)


def _add_other(runs: list[Run], node: Node, styles: frozenset[str]) -> None:
    match node.kind:
        case "Code":
            runs.append(Run(node.detail, styles, code=True))
        case "FootnoteReference":
            before = runs[-1].text[-1:] if runs else ""
            gap = " " if before and before not in "([" and not before.isspace() else ""
            runs.append(Run(f"{gap}[{node.detail}]", styles))
        case "Link":
            _add_link(runs, node, styles)
        case "Image":
            label, url = plain_text(node.children), _url(node)
            text = _labelled(label, url)
            runs.append(Run(text, styles, address=text == url))
        case _:
            _add(runs, node.children, styles)


def _add_link(runs: list[Run], node: Node, styles: frozenset[str]) -> None:
    url = _url(node)
    label = plain_text(node.children)
    if _shows_target(node, label, url):
        runs.append(Run(label.strip() or url, styles, address=True))
        return
    _add(runs, node.children, styles)
    runs.append(Run(f" ({url})" if url else "", styles))


def link_text(node: Node, label: str) -> str:
    """A link without styles, given its label."""
    url = _url(node)
    return label.strip() or url if _shows_target(node, label, url) else _labelled(label, url)


def _shows_target(node: Node, label: str, url: str) -> bool:
    known = {"", url, url.removeprefix("mailto:"), url.removeprefix("tel:")}
    return label.strip() in known or node.detail["link_type"] in _WRITTEN_OUT


def _url(node: Node) -> str:
    return encoded(node.detail["dest_url"])


def _labelled(label: str, url: str) -> str:
    return f"{label} ({url})" if label.strip() and url and label != url else url or label
