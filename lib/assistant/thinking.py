"""Thinking: what an assistant says to itself, cut out of what it says to people.

The tags are those of sunholo's own extractor, and those of other models. What a server's
heartbeat puts into a stream goes, too.
"""

import re

_NAME = "(?:thinking|antthinking|reflection|think|thought)"
_TAG = rf"<(?P<close>/)?{_NAME}(?:\s[^<>]*?)?(?P<empty>/)?>"
# Code as CommonMark has it: a fence at the beginning of a line or list item, to its end or to
# the end of everything; or one or two backticks.
_FENCE = r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?P<mark>`{3,}+|~{3,}+)[^`\n]*+$"
_FENCED = rf"{_FENCE}.*?(?:\n[ \t>]*+(?P=mark)|\Z)"
_INLINE = r"``(?:[^`\n]|`(?!`))++``|`[^`\n]++`"
_FLAGS = re.DOTALL | re.IGNORECASE | re.MULTILINE
_SHOWN = re.compile(rf"(?P<code>{_FENCED}|{_INLINE})|{_TAG}", _FLAGS)
# Thinking is full of half-written code, which must not swallow the tag that ends it: there,
# only a tag in backticks of its own is talked about.
_HIDDEN = re.compile(rf"(?P<code>`</?{_NAME}[^<>`\n]*>`)|{_TAG}", _FLAGS)

_BEAT, _BEAT_END = "[[HEARTBEAT]]", "[[/HEARTBEAT]]"
_SEAM = "\ud800"  # half a surrogate pair, which no mended text holds
_SEAMS = re.compile(rf"(?<!\n)\n*+{_SEAM}[\n{_SEAM}]*+")


def separate(text: str) -> tuple[str, str]:
    """Return what may be shown, and the thinking that was cut out of it.

    A block that is never closed hides everything to the end. A first tag that closes what was
    never opened ends thinking that began with the text, as some servers of reasoning models
    send it, unless nothing comes after it. Tags inside code are text.
    """
    text = _without_heartbeats(_mended(text))
    shown: list[str] = []
    hidden: list[str] = []
    here = start = depth = 0
    while match := (_HIDDEN if depth else _SHOWN).search(text, here):
        here = match.end()
        if match["code"]:
            continue
        (hidden if depth else shown).append(text[start : match.start()])
        start = here
        if match["close"]:
            if not depth and not hidden and text[here:].strip():
                shown, hidden = [], shown
            depth = max(0, depth - 1)
        elif not match["empty"]:
            depth += 1
    (hidden if depth else shown).append(text[start:])
    visible = _sewn(shown) if start else text
    return visible, "\n".join(part.strip() for part in hidden if part.strip())


def _without_heartbeats(text: str) -> str:
    first, *beats = text.split(_BEAT)
    parts = (beat.partition(_BEAT_END) for beat in beats)
    return first + "".join(after if end else inside for inside, end, after in parts)


def _sewn(parts: list[str]) -> str:
    """The parts as one text, with no more than one blank line where something was cut out."""
    seamed = _SEAMS.sub(lambda seam: "\n" * min(2, seam[0].count("\n")), _SEAM.join(parts))
    return seamed.strip()


def _mended(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair: no store or wire takes one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
