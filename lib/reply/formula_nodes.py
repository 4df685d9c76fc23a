"""Formulas as nodes of a tree."""

from collections.abc import Iterator

from lib.reply.masks import formula_texts
from lib.reply.node import Node


def with_formulas(text: str) -> Iterator[Node | str]:
    """Yield a text with the formulas in it as nodes of their own."""
    for part, is_formula in formula_texts(text):
        if is_formula:
            yield from formula_nodes(part)
        else:
            yield part


def formula_nodes(formula: str) -> Iterator[Node | str]:
    """Yield the lines of a formula; what a phone would take for marks is code.

    They are no text of what is around them, whose marks they would seem to be joined to.
    """
    for number, line in enumerate(formula.split("\n")):
        if number:
            yield "\n"
        if any(mark in line for mark in "*_~`"):
            yield Node("Code", line)
        elif line.strip():
            node = Node("Formula")
            node.children.append(line)
            yield node
