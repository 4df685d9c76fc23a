"""Alerts: quotations that begin with their kind in brackets."""

import re

from lib.reply.node import Node

# GitHub's five ("Basic writing and formatting syntax", Alerts), then those of Obsidian
# ("Callouts"), which models write as well.
SIGNS = {
    "note": "ℹ️",
    "tip": "💡",
    "important": "❗",
    "warning": "⚠️",
    "caution": "🛑",
    "info": "ℹ️",
    "abstract": "📋",
    "summary": "📋",
    "todo": "☑️",
    "hint": "💡",
    "success": "✅",
    "question": "❓",
    "help": "❓",
    "faq": "❓",
    "attention": "⚠️",
    "failure": "❌",
    "danger": "🛑",
    "error": "❌",
    "bug": "🐞",
    "example": "📌",
    "quote": "💬",
}
_KIND = re.compile(r"\[!([A-Za-z]+)\][+-]?(?:[ \t]+|$)")


def with_sign(quote: Node) -> None:
    """Write the kind of an alert, if the quotation is one, as a sign and a word."""
    first = quote.children[0] if quote.children else ""
    children = first.children if isinstance(first, Node) and first.kind == "Paragraph" else []
    text = children[0] if children else ""
    match = _KIND.match(text) if isinstance(text, str) else None
    if match is None or not isinstance(text, str) or match[1].lower() not in SIGNS:
        return
    rest = text[match.end() :]
    follows = ": " if rest or children[1:2] not in ([], ["\n"]) else ""
    kind = match[1].lower()
    children[0] = f"{SIGNS[kind]} {kind.capitalize()}{follows}{rest}"
