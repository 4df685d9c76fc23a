"""Markdown to WhatsApp's formatting.

The Markdown is parsed to a tree (CommonMark with tables and footnotes), its styles and its HTML
are read into that, and the tree is written again in the little that WhatsApp knows: bold, italic,
strike, code, lists, quotes.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from lib.reply import hypertext, tables
from lib.reply.alerts import with_sign
from lib.reply.emphasis import bold_line, compose
from lib.reply.fences import unwrapped
from lib.reply.inline import plain_text
from lib.reply.marks import FENCE
from lib.reply.node import Node
from lib.reply.numbers import is_counted, is_date, numbers
from lib.reply.standins import shown
from lib.reply.styles import with_styles
from lib.reply.tree import PARSER, Parser, UnreadableError, parse
from lib.reply.work import checkpoint

if TYPE_CHECKING:
    from lib.reply.enclosures import Enclosures

RULE = "-" * 10
_TASKS = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_INDENT = "  "
_ends_blank = attrgetter("detail")
_LEAST_UNDERLINE = 3
"""Fewer signs below a line are no heading: a sum, a bullet without text."""


def to_whatsapp(
    markdown: str, parser: Parser = PARSER, enclosures: "Enclosures | None" = None
) -> str:
    """Return the text in WhatsApp's formatting. Nothing inside code is changed.

    A text that is a fence of Markdown and nothing else is read without its fence.
    What cannot be read, such as nesting deeper than anybody could read, is left as it is written.
    With ``enclosures``, media are taken out.
    """
    try:
        # All is parsed before anything is written: turn by turn, a block each, takes longer.
        nodes = list(parse(unwrapped(markdown), parser))
        blocks = hypertext.read(map(with_styles, nodes))
        return _blocks(blocks if enclosures is None else enclosures.left(blocks))
    except UnreadableError:
        if enclosures is not None:
            enclosures.found.clear()
        return markdown


def _blocks(nodes: Iterable[Node | str], gap: str = "\n\n") -> str:
    return gap.join(filter(None, map(_block, _whole(nodes))))


def _whole(nodes: Iterable[Node | str]) -> Iterator[Node]:
    """The blocks, with a paragraph around what stands in a list's item as it is."""
    loose = None
    for node in nodes:
        if isinstance(node, Node) and node.kind in _WRITERS:
            if loose:
                yield loose
                loose = None
            yield node
        else:
            loose = loose or Node("Paragraph")
            loose.children.append(node)
    if loose:
        yield loose


def _block(node: Node) -> str:
    checkpoint()
    return _WRITERS[node.kind](node)


def _paragraph(node: Node) -> str:
    return compose(node.children).strip()


def _heading(node: Node) -> str:
    if not node.source.startswith(b"#"):
        signs = node.source.rstrip().rpartition(b"\n")[2].decode().strip(" \t>")
        if len(signs) < _LEAST_UNDERLINE or "\n" in node.children:
            return _underlined(_paragraph(node), signs)
    return bold_line(node.children)


def _underlined(text: str, signs: str) -> str:
    """What Markdown takes for a heading: lines above a rule, or above a sign of their own."""
    is_rule = len(signs) >= _LEAST_UNDERLINE or signs == "--"
    return f"{text}\n\n{RULE}" if is_rule else f"{text}\n{signs}"


def _code(node: Node) -> str:
    # There is no way to escape a fence inside a fence.
    code = plain_text(node.children).removesuffix("\n")
    if not code.strip():
        # What follows an opening fence names a language; without code it may be all there is.
        info = node.detail["Fenced"] if isinstance(node.detail, dict) else ""
        return compose([shown(info)])
    return code if FENCE in code else f"{FENCE}\n{code}\n{FENCE}"


def _quote(node: Node) -> str:
    with_sign(node)
    lines = _blocks(node.children, "\n").split("\n")
    return "\n".join(f"> {line.removeprefix('> ')}" for line in lines if line.strip())


def _list(node: Node) -> str:
    return "\n".join(_items(node, 0))


def _items(node: Node, depth: int, *, inside: bool = False) -> list[str]:
    unnumbered = "-" if inside or not depth else "◦"
    items = node.parts
    signs = [unnumbered] * len(items) if node.detail is None else numbers(node)
    # What is counted stands closer than in its source; paragraphs that begin with a number do not.
    is_loose = node.detail is not None and any(map(_ends_blank, items))
    apart = is_loose and not is_counted(signs)
    lines: list[str] = []
    ends = False
    for sign, item in zip(signs, items, strict=True):
        prefix = f"{_INDENT * depth}{sign} "
        first, *others = _item(item, prefix, depth, inside=inside) or [""]
        if first or inside or node.detail is not None:
            lines += [*([""] if apart and ends else ()), first or prefix.rstrip(), *others]
            ends = item.detail
    return lines


def _item(item: Node, prefix: str, depth: int, *, inside: bool) -> list[str]:
    indent = _INDENT * (depth + 1)
    lines: list[str] = []
    for child in _whole(item.children):
        if child.kind == "List" and not lines and is_date(item, inside=inside):
            first, *lines = _items(child, depth + 1, inside=True)
            lines = [prefix + first.strip(), *lines]
        elif child.kind == "List":
            lines = lines or [prefix.rstrip()]
            lines += _items(child, depth + 1)
        else:
            text = _indented(_block(child), indent)
            lines.append(indent + text if lines else prefix + _task(text))
    return lines


def _indented(block: str, indent: str) -> str:
    return block if FENCE in block else block.replace("\n", f"\n{indent}")


def _task(text: str) -> str:
    sign = _TASKS.get(text[:4])
    return sign + text[4:] if sign else text


def _table(node: Node) -> str:
    rows = [[cell.children for cell in row.parts] for row in node.parts]
    grid = [[" ".join(plain_text(cell).split()) for cell in row] for row in rows]
    aligned = tables.aligned(grid)
    if aligned is not None:
        return f"{FENCE}\n{aligned}\n{FENCE}"
    return tables.bulleted(grid, rows)


def _html(node: Node) -> str:
    return _blocks(node.children, "\n")


def _footnote(node: Node) -> str:
    return f"[{shown(node.detail)}] {_blocks(node.children)}"


_WRITERS: dict[str, Callable[[Node], str]] = {
    "Paragraph": _paragraph,
    "Heading": _heading,
    "CodeBlock": _code,
    "BlockQuote": _quote,
    "List": _list,
    "Rule": lambda _: RULE,
    "HtmlBlock": _html,
    "Mixed": _html,
    "Table": _table,
    "FootnoteDefinition": _footnote,
}
