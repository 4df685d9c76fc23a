"""Markdown to WhatsApp's formatting.

The Markdown is parsed to a tree (CommonMark with tables and strikethrough) and the tree is
written again in the little that WhatsApp knows: bold, italic, strike, code, lists, quotes.
"""

from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from lib.reply import tables
from lib.reply.emphasis import compose
from lib.reply.inline import plain_text, styled_lines
from lib.reply.marks import FENCE
from lib.reply.tags import readable
from lib.reply.urls import take_bare_url

RULE = "-" * 10
_DEEPEST = 60
_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(
    ["table", "strikethrough"]
)
_PARSER.inline.ruler.before("escape", "bare_url", take_bare_url)
_TASKS = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_INDENT = "  "


def to_whatsapp(markdown: str) -> str:
    """Return the text in WhatsApp's formatting. Nothing inside code is changed.

    Nesting deeper than anybody could read is left as it is written.
    """
    tokens = _PARSER.parse(markdown)
    # Below its deepest level the parser leaves text out.
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return markdown
    return _blocks(SyntaxTreeNode(tokens).children)


def _blocks(nodes: Sequence[SyntaxTreeNode], gap: str = "\n\n") -> str:
    return gap.join(filter(None, map(_block, nodes)))


def _block(node: SyntaxTreeNode) -> str:
    write = _WRITERS.get(node.type)
    return write(node) if write else _blocks(node.children)


def _inline(node: SyntaxTreeNode) -> str:
    return "\n".join(compose(line) for line in styled_lines(node))


def _heading(node: SyntaxTreeNode) -> str:
    text = " ".join(plain_text(node).replace("*", "").split())
    return f"*{text}*" if text else ""


def _code(node: SyntaxTreeNode) -> str:
    # There is no way to escape a fence inside a fence.
    code = node.content.removesuffix("\n")
    return code if FENCE in code or not code.strip() else f"{FENCE}\n{code}\n{FENCE}"


def _quote(node: SyntaxTreeNode) -> str:
    lines = _blocks(node.children, "\n").split("\n")
    return "\n".join(f"> {line.removeprefix('> ')}" for line in lines if line.strip())


def _list(node: SyntaxTreeNode) -> str:
    return "\n".join(_items(node, 0))


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[str]:
    number = int(node.attrs.get("start", 1))
    for index, item in enumerate(node.children):
        sign = f"{number + index}." if node.type == "ordered_list" else "◦" if depth else "-"
        yield from _item(item, f"{_INDENT * depth}{sign} ", depth)


def _item(item: SyntaxTreeNode, prefix: str, depth: int) -> Iterator[str]:
    first = True
    for child in item.children:
        if child.type in {"bullet_list", "ordered_list"}:
            if first:
                yield prefix.rstrip()
            yield from _items(child, depth + 1)
        elif first:
            yield prefix + _task(_indented(_block(child), _INDENT * (depth + 1)))
        else:
            yield _INDENT * (depth + 1) + _indented(_block(child), _INDENT * (depth + 1))
        first = False


def _indented(block: str, indent: str) -> str:
    return block if FENCE in block else block.replace("\n", f"\n{indent}")


def _task(text: str) -> str:
    sign = _TASKS.get(text[:4])
    return sign + text[4:] if sign else text


def _table(node: SyntaxTreeNode) -> str:
    rows = [row.children for part in node.children for row in part.children]
    grid = [[" ".join(plain_text(cell).split()) for cell in row] for row in rows]
    if tables.fits(grid):
        return f"{FENCE}\n{tables.aligned(grid)}\n{FENCE}"
    values = [
        ["".join(_inline(child) for child in cell.children) for cell in row] for row in rows[1:]
    ]
    return tables.bulleted(grid[0], values)


_WRITERS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "inline": _inline,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "hr": lambda _: RULE,
    "html_block": lambda node: readable(node.content).strip(),
    "table": _table,
}
