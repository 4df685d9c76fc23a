"""The content of a message: a text, or a list of parts of which some are said.

Sources: OpenAI's "Chat Completions" (``text``, ``refusal``) and "Responses" (``output_text``),
Mistral's reasoning (``thinking`` as a list of parts), Anthropic's content blocks.
"""

from collections.abc import Iterator
from typing import Any

_SAID = {"text": "text", "output_text": "text", "refusal": "refusal"}
_THOUGHT = {"thinking": "thinking", "reasoning": "text"}


def said(content: Any) -> str:
    """What a content says, its texts joined as they are; empty if it is none."""
    return "".join(_texts(content, _SAID))


def thought(content: Any) -> str:
    """The thinking that stands in parts of its own."""
    return "".join(_texts(content, _THOUGHT))


def _texts(content: Any, wanted: dict[str, str]) -> Iterator[str]:
    if isinstance(content, str):
        yield from [content] if wanted is _SAID else []
        return
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield part if wanted is _SAID else ""
        elif isinstance(part, dict):
            # A part that says no type, but has a text, is one.
            name = wanted.get(str(part.get("type") or "text").lower(), "")
            yield _plain(part.get(name) or (part.get("text") if name else ""))


def _plain(value: Any) -> str:
    """A text, which some wrap once more: in an object with a value, or in parts."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, list):
        return "".join(one["text"] for one in value if _has_text(one))
    return value if isinstance(value, str) else ""


def _has_text(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)
