"""Thinking: what an assistant says to itself, cut out of what it says to people.

The tags are those of sunholo's own extractor, and those of other models. What a server's
heartbeat puts into a stream goes, too.
"""

import re

_NAMES = "thinking|antthinking|reflection|think|thought"
_TOKEN = re.compile(
    rf"(?P<code>```.*?(?:```|\Z)|`[^`\n]+`)|<(?P<close>/?)(?P<name>{_NAMES})(?:\s[^<>]*)?>",
    re.DOTALL | re.IGNORECASE,
)
_HEARTBEAT = re.compile(r"\[\[HEARTBEAT\]\].*?\[\[/HEARTBEAT\]\]", re.DOTALL)
_GAP = re.compile(r"\n{3,}")


def separate(text: str) -> tuple[str, str]:
    """Return what may be shown, and the thinking that was cut out of it.

    A block that is never closed hides everything to the end; tags inside code are text.
    """
    text = _HEARTBEAT.sub("", _mended(text))
    shown: list[str] = []
    hidden: list[str] = []
    position = depth = 0
    for match in _TOKEN.finditer(text):
        if match["code"] and not depth:
            continue
        (hidden if depth else shown).append(text[position : match.start()])
        position = match.end()
        if match["code"]:
            hidden.append(match[0])
        else:
            depth = max(0, depth - 1) if match["close"] else depth + 1
    (hidden if depth else shown).append(text[position:])
    visible = "".join(shown)
    if position:
        visible = _GAP.sub("\n\n", visible).strip()
    return visible, "\n".join(part.strip() for part in hidden if part.strip())


def _mended(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair: no store or wire takes one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
