"""What may be shown of an answer that is still being written: nothing that its rest could change.

All that ``thinking.separate`` decides by what follows is kept back until it has followed: signs
and their headers, code, marks of sources, the edges of the text. One thing nobody can see before
it is there: a sign that closes thinking which began with the text; see ``lib.assistant.unsaid``.
"""

import re
from collections.abc import Iterator

from lib.assistant.edges import trimmed
from lib.assistant.inside import MESSAGES
from lib.assistant.signs import Sign, events
from lib.assistant.thinking import BEAT, BEAT_END, SPILT, cleared, plain

_FAILURES = ("qna_error:", "traceback (most recent call last):", "<!doctype html", "<html")
# How far a sign may reach, and how far what is read behind one that begins a message.
_TAG, _SOURCE, _PRIVATE, _TRIANGLE, _LINK, _HEADER = 1000, 500, 2100, 120, 2500, 700
_WORD = 1000
_MOST_CUTS = 50
_CODE_INDENT = 4

_STRIKE = re.compile("<s>", re.IGNORECASE)  # goes if it begins the text and has no partner
_CODE = re.compile(r"`|~~~|~+\Z")
_CUT_EDGE = re.compile(r"<<(/?sys>?)?\Z", re.IGNORECASE)
_COLON = re.compile(
    r":(?:[a-z]{0,20}|(?:contentReference|citation)\[oaicite:\d{1,6}\](?:\{[a-z=\d]{0,14})?)\Z",
    re.IGNORECASE,
)
# A word in brackets whose next character, or whose address, is still to come.
_BRACKETS = re.compile(r"\[[^\[\]]*+\](?:\([^()\s]*+|\{[a-z=\d]{0,20})?\Z", re.IGNORECASE)
# What is a sign only if its partner follows: a tag around an answer, thinking in small letters.
_PARTNERLESS = re.compile(
    r"<[^<>]{0,80}(?:final|answer)[^<>]{0,500}>|\[think(?:ing)?\]", re.IGNORECASE
)
_ASCII = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Before these a blank may yet go, if something was cut out there.
_CLOSERS = ")].,;:!?…。，、"


def shown(text: str) -> tuple[str, str]:
    """Return what may be shown of the text so far, and the thinking cut out of it.

    Whatever follows, what is shown begins what ``separate`` shows of the whole, leading blank
    lines aside. It is empty where the whole may yet be something else.
    """
    text = _without_open_beat(text)
    text = text[: _settled(text)]
    if trimmed(text).lstrip().startswith(SPILT):
        return "", ""
    visible, thinking = cleared(text)
    if partnerless := _PARTNERLESS.search(visible):
        visible = visible[: partnerless.start()]
    visible = visible.rstrip().rstrip(_CLOSERS).rstrip()
    beginnings = (text, visible)
    # A text that begins with blanks keeps or loses them by what follows; four of them mean code.
    if any(map(_begins_with_code, beginnings)) or any(map(_failed, beginnings)):
        return "", thinking
    return visible.lstrip(), thinking


def _begins_with_code(text: str) -> bool:
    blanks = text[: len(text) - len(text.lstrip())]
    indent = blanks[blanks.rfind("\n") + 1 :]
    return len(indent) >= _CODE_INDENT or "\t" in indent


def _failed(text: str) -> bool:
    return text.lstrip()[:64].lower().startswith(_FAILURES)


def _without_open_beat(text: str) -> str:
    if "\ud800" <= text[-1:] <= "\udbff":  # half of a character
        text = text[:-1]
    beat = text.rfind(BEAT)
    if beat >= 0 and BEAT_END not in text[beat:]:
        text = text[:beat]
    return plain(text)


def _settled(text: str) -> int:
    """Where the part of a text ends that is read the same whatever follows."""
    struck = _STRIKE.search(text)
    end = struck.start() if struck else len(text)
    for _ in range(_MOST_CUTS):
        before, end = end, min(_cuts(text, end))
        if end == before:
            return end
    return 0


def _cuts(text: str, end: int) -> Iterator[int]:
    """For each kind of what may be unfinished there, where it begins; else the end."""
    yield end
    line = text.rfind("\n", 0, end) + 1
    code = _CODE.search(text[line:end])
    yield line + code.start() if code else end
    yield from (_open(text, end, *pair) for pair in _PAIRS)
    word = text[max(0, end - _WORD) : end]
    left = len(word.rstrip(_ASCII))
    yield end - len(word) + left if left or len(word) < _WORD else end
    for pattern in (_COLON, _CUT_EDGE):
        found = pattern.search(text, max(0, end - 64), end)
        yield found.start() if found else end
    bracket = text.rfind("[", max(0, end - _LINK), end)
    yield bracket if bracket >= 0 and _BRACKETS.match(text[bracket:end]) else end
    yield _message(text, end)


_PAIRS = (
    ("<", ">", _TAG),
    ("[", "]", _SOURCE),
    ("【", "】", _SOURCE),
    ("◁", "▷", _TRIANGLE),
    ("\ue200", "\ue201", _PRIVATE),
)


def _open(text: str, end: int, first: str, last: str, longest: int) -> int:
    start = text.rfind(first, max(0, end - longest), end)
    return start if start >= 0 and last not in text[start:end] else end


def _message(text: str, end: int) -> int:
    """Where a message begins or ends of whose header something may be to come."""
    start = max(0, end - 2 * _HEADER)
    for event in events(text[start:end]):
        if isinstance(event, Sign) and event.kind in MESSAGES:
            place = start + event.start
            if place >= end - _HEADER:
                return place
    return end
