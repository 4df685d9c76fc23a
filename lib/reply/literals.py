"""What Markdown takes for emphasis although nobody meant any."""

from lib.reply.tree import Node

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


def is_literal(node: Node, before: Node | str, after: Node | str) -> bool:
    """Whether the marks of an emphasis are part of the text: ``2*3*4``, ``__init__``, ``~5~``."""
    if node.kind == "Strikethrough":
        return node.source != b"~~"
    if node.source == b"__":
        return node.kind == "Strong" and node.children[0] in _DUNDERS
    is_part = str.isalnum if node.kind == "Emphasis" else str.isdigit
    return is_part(_text(before)[-1:]) and is_part(_text(after)[:1])


def _text(node: Node | str) -> str:
    return node if isinstance(node, str) else ""
