"""What Markdown takes for emphasis although nobody meant any."""

from markdown_it.tree import SyntaxTreeNode

_MORE_NAMES = """
all aenter aexit aiter anext annotations await builtins cached call complex del delattr delete
dict enter exit file fspath future getattr import loader main match_args missing module name
path post_init pycache set set_name slots spec version weakref
"""
_DUNDERS = {
    name.strip("_")
    for kind in (object, type, int, float, str, bytes, list, dict, set, Exception, property)
    for name in dir(kind)
    if name.startswith("__")
}.union(_MORE_NAMES.split())


def is_literal(
    node: SyntaxTreeNode, before: SyntaxTreeNode | None, after: SyntaxTreeNode | None
) -> bool:
    """Whether the marks of an emphasis are part of the text: ``2*3*4`` and ``__init__``."""
    if node.type == "strong" and node.markup == "__":
        return "".join(child.content for child in node.children) in _DUNDERS
    if node.markup[0] != "*":
        return False
    is_part = str.isalnum if node.type == "em" else str.isdigit
    return is_part(_text(before)[-1:]) and is_part(_text(after)[:1])


def _text(node: SyntaxTreeNode | None) -> str:
    return node.content if node is not None and node.type == "text" else ""
