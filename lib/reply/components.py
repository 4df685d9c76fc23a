"""Web-only components of an answer as Markdown for a phone.

Which there are, and their attributes: assistants built for Aitana's web client.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.model import Enclosing
from lib.reply.fences import unwrapped
from lib.reply.urls import encoded
from lib.reply.work import checkpoint

_NAMES = "highlight|alert|tooltip|preview|plot|googlesearch"
_TOKEN = re.compile(
    rf"```.*?(?:```|\Z)|`[^`\n]+`|<(?P<close>/?)(?P<name>{_NAMES})(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\s*([\w-]+)\s*=\s*(?:([\"'])|(?=([\[{]))|([^\s\"'>]+))")
# Values hold JSON, so a quote inside one ends it only where the tag goes on behind it.
_VALUE_END = {quote: re.compile(rf"{quote}(?=\s+[\w-]+\s*=|\s*/?>)", re.DOTALL) for quote in "\"'"}
_TAG_END = re.compile(r"\s*(/?)>")
_SIGNS = {"error": "❌", "warning": "⚠️", "success": "✅"}
_DECODER = json.JSONDecoder()
_MOST_SOURCES = 10
_SIGN, _ESCAPED = re.compile(r"([\\\[\]`*_~<>&!])"), r"\\\1"


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    closing: bool
    alone: bool


def to_markdown(text: str, enclosing: Enclosing | None = None) -> str:
    """Return the text with its components as Markdown; code is left as it is.

    A tag without its partner is dropped, and what stands beside it stays. A fence of Markdown that
    is all of the text is no code. What is shown of files that may be enclosed are links.
    """
    if "<" not in text:
        return text
    text = unwrapped(text)
    tags = list(_tags(text))
    replacements = _replacements(tags, enclosing)
    parts, position = [], 0
    for index, tag in enumerate(tags):
        parts += [text[position : tag.start], replacements.get(index, "")]
        position = tag.end
    return "".join((*parts, text[position:]))


def _tags(text: str) -> Iterator[_Tag]:
    position = 0
    endless: set[str] = set()
    while match := _TOKEN.search(text, position):
        checkpoint()
        position = match.end()
        if not match["name"]:
            continue
        attributes, position = _attributes(text, position, endless)
        end = _TAG_END.match(text, position)
        if end:
            position = end.end()
            closing = bool(match["close"])
            name = match["name"].lower()
            yield _Tag(name, attributes, match.start(), position, closing, bool(end[1]))


def _attributes(text: str, position: int, endless: set[str]) -> tuple[dict[str, str], int]:
    """Read attributes from a position; return them and where they end.

    ``endless`` are the quotes known to have no end further on, so that it is looked for once.
    """
    found = {}
    while match := _ATTRIBUTE.match(text, position):
        name, quote, bracket, word = match.groups()
        end = match.end()
        if quote:
            close = None if quote in endless else _VALUE_END[quote].search(text, end)
            if close is None:
                endless.add(quote)
                break
            word, end = text[end : close.start()], close.end()
        elif bracket:
            word, end = _bare_json(text, end)
            if not word:
                break
        found[name.lower()] = word
        position = end
    return found, position


def _bare_json(text: str, position: int) -> tuple[str, int]:
    try:
        _, end = _DECODER.raw_decode(text, position)
    except (ValueError, RecursionError):
        return "", position
    return text[position:end], end


def _replacements(tags: list[_Tag], enclosing: Enclosing | None) -> dict[int, str]:
    """What stands for each tag, by its index; pairs are matched from the inside."""
    found: dict[int, str] = {}
    opened: dict[str, list[int]] = {}
    for index, tag in enumerate(tags):
        if tag.name == "preview" and enclosing and not tag.closing:
            found[index] = _previews(tag.attributes, enclosing)
        elif tag.name in _ALONE:
            found[index] = "" if tag.closing else _ALONE[tag.name](tag.attributes)
        elif tag.closing and opened.get(tag.name):
            opener = opened[tag.name].pop()
            found[opener], found[index] = _PAIRS[tag.name](tags[opener].attributes)
        elif not tag.closing and not tag.alone:
            opened.setdefault(tag.name, []).append(index)
    return found


def _alert(attributes: Mapping[str, str]) -> tuple[str, str]:
    return f"\n\n{_SIGNS.get(attributes.get('type', ''), 'ℹ️')} ", "\n\n"


def _tooltip(attributes: Mapping[str, str]) -> tuple[str, str]:
    text = attributes.get("text", "")
    return "", f" ({text})" if text else ""


def _preview(attributes: Mapping[str, str]) -> str:
    return _links(_items(attributes), "name", "uri")


def _previews(attributes: Mapping[str, str], enclosing: Enclosing) -> str:
    from lib.reply.enclosable import file_at  # noqa: PLC0415 - few answers have previews

    def link(name: str, uri: str) -> str:
        if file_at(uri, enclosing) is None:
            return _link(name, uri)
        return f"- [{_SIGN.sub(_ESCAPED, ' '.join(name.split()))}](<{encoded(uri)}>)"

    return _links(_items(attributes), "name", "uri", link)


def _items(attributes: Mapping[str, str]) -> Any:
    return _json(attributes.get("items", "")) or [dict(attributes)]


def _plot(attributes: Mapping[str, str]) -> str:
    layout = _json(attributes.get("layout", ""))
    title = layout.get("title", "") if isinstance(layout, dict) else ""
    if isinstance(title, dict):
        title = title.get("text", "")
    return f"\n\n{title}: chart, see the web app\n\n" if title else "\n\nChart, see the web app\n\n"


def _search(attributes: Mapping[str, str]) -> str:
    return _links(_json(attributes.get("sources", "")), "title", "uri")


def _links(items: Any, label: str, url: str, write: Callable[[str, str], str] | None = None) -> str:
    write = write or _link
    known = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    lines = [write(str(i.get(label) or ""), str(i.get(url) or "")) for i in known[:_MOST_SOURCES]]
    lines = [line for line in lines if line]
    return "\n\n" + "\n".join(lines) + "\n\n" if lines else ""


def _link(label: str, url: str) -> str:
    return f"- {label} {url}".replace("  ", " ") if label or url else ""


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_PAIRS: dict[str, Callable[[Mapping[str, str]], tuple[str, str]]] = {
    "highlight": lambda _: ("**", "**"),
    "alert": _alert,
    "tooltip": _tooltip,
}
_ALONE: dict[str, Callable[[Mapping[str, str]], str]] = {
    "preview": _preview,
    "plot": _plot,
    "googlesearch": _search,
}
