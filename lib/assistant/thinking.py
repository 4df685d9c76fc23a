"""Thinking: what an assistant says to itself, cut out of what it says to people.

With it goes whatever else is not for people: calls of tools, the signs that models end and begin
messages with, and what a server's heartbeat puts into a stream.
"""

from lib.assistant.citations import BARE, BARE_SIGN
from lib.assistant.edges import sewn, trimmed
from lib.assistant.reader import Reader

BEAT, BEAT_END = "[[HEARTBEAT]]", "[[/HEARTBEAT]]"
SPILT = ("analysis", "commentary")
"""What a text begins with whose channels a server has made words of."""
_SPILT_ANSWER = "assistantfinal"


def separate(text: str) -> tuple[str, str]:
    """Return what may be shown, and the thinking that was cut out of it.

    A block that is never closed hides everything to the end. A first sign that closes what was
    never opened ends thinking that began with the text, as some servers of reasoning models
    send it, unless nothing comes after it. In code, signs are text.
    """
    return cleared(plain(text))


def plain(text: str) -> str:
    """The text as it can be stored, without a server's heartbeats."""
    return _without_heartbeats(_mended(text))


def cleared(text: str) -> tuple[str, str]:
    """The same as ``separate``, of a plain text."""
    text, spilt = _without_spilt_channels(trimmed(text))
    shown, hidden = Reader(text).read()
    visible = text if shown == [text] else sewn(shown)
    visible = trimmed(_without_bare_citations(visible))
    thinking = "\n".join(part.strip() for part in [spilt, *hidden] if part.strip())
    return visible, thinking


def _without_heartbeats(text: str) -> str:
    first, *beats = text.split(BEAT)
    parts = (beat.partition(BEAT_END) for beat in beats)
    return first + "".join(after if end else inside for inside, end, after in parts)


def _without_bare_citations(text: str) -> str:
    return sewn(BARE.split(text)) if BARE_SIGN in text else text


def _without_spilt_channels(text: str) -> tuple[str, str]:
    """The text and its thinking where a server dropped the signs of harmony, not the names.

    Known from servers of gpt-oss that decode without special tokens.
    """
    if not text.startswith(SPILT) or _SPILT_ANSWER not in text:
        return text, ""
    thinking, _, answer = text.rpartition(_SPILT_ANSWER)
    return answer, thinking


def _mended(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair: no store or wire takes one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
