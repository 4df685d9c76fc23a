"""Markdown to WhatsApp's formatting.

The Markdown is parsed to a tree (CommonMark with tables and strikethrough) and the tree is
written again in the little that WhatsApp knows: bold, italic, strike, code, lists, quotes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from lib.reply import tables
from lib.reply.emphasis import bold_line, compose
from lib.reply.inline import plain_text
from lib.reply.marks import FENCE
from lib.reply.styles import with_styles
from lib.reply.tags import readable
from lib.reply.tree import PARSER, Node, Parser, UnreadableError, parse
from lib.reply.work import checkpoint

RULE = "-" * 10
_TASKS = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_INDENT = "  "
_LONGEST_NAME = 60
"""Characters of a column's name that is repeated in every row; a longer one stands in the first."""


def to_whatsapp(markdown: str, parser: Parser = PARSER) -> str:
    """Return the text in WhatsApp's formatting. Nothing inside code is changed.

    What cannot be read, such as nesting deeper than anybody could read, is left as it is written.
    """
    try:
        return _blocks(map(with_styles, parse(markdown, parser)))
    except UnreadableError:
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
    return bold_line(node.children)


def _code(node: Node) -> str:
    # There is no way to escape a fence inside a fence.
    code = plain_text(node.children).removesuffix("\n")
    return code if FENCE in code or not code.strip() else f"{FENCE}\n{code}\n{FENCE}"


def _quote(node: Node) -> str:
    lines = _blocks(node.children, "\n").split("\n")
    return "\n".join(f"> {line.removeprefix('> ')}" for line in lines if line.strip())


def _list(node: Node) -> str:
    return "\n".join(_items(node, 0))


def _items(node: Node, depth: int) -> list[str]:
    unnumbered = "◦" if depth else "-"
    lines: list[str] = []
    for index, item in enumerate(node.parts):
        sign = unnumbered if node.detail is None else f"{node.detail + index}."
        lines += _item(item, f"{_INDENT * depth}{sign} ", depth)
    return lines


def _item(item: Node, prefix: str, depth: int) -> list[str]:
    indent = _INDENT * (depth + 1)
    lines: list[str] = []
    for child in _whole(item.children):
        if child.kind == "List":
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
    if len(rows) == 1:
        return compose([", ".join(grid[0])])
    first, *others = rows[1:]
    short = [name if len(name) <= _LONGEST_NAME else "" for name in grid[0]]
    named = [_named(grid[0], first), *(_named(short, row) for row in others)]
    return "\n".join(f"- {compose(row)}" for row in named)


def _named(head: Sequence[str], row: Sequence[Sequence[Node | str]]) -> list[Node | str]:
    """The values of a row, each after its column's name."""
    nodes: list[Node | str] = []
    for name, cell in zip(head, row, strict=False):
        if not plain_text(cell).strip():
            continue
        nodes += [", "] if nodes else []
        if name:
            label = Node("Strong")
            label.children.append(f"{name}:")
            nodes += [label, " "]
        nodes += cell
    return nodes


def _html(node: Node) -> str:
    return readable(plain_text(node.children)).strip()


_WRITERS: dict[str, Callable[[Node], str]] = {
    "Paragraph": _paragraph,
    "Heading": _heading,
    "CodeBlock": _code,
    "BlockQuote": _quote,
    "List": _list,
    "Rule": lambda _: RULE,
    "HtmlBlock": _html,
    "Table": _table,
}
