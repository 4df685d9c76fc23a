"""Putting together what is left of a text, so that no gap tells where something was cut out."""

import re
from collections.abc import Sequence

from lib.assistant.wrappings import EDGES

# What a blank before a cut would look wrong with: a full stop and the like, or another blank.
_NO_BLANK = re.compile(r"[)\].,;:!?…。，、]*+(?:\s|\Z)")
_MOST_BREAKS = 2
_BEGIN, _END = "<s>", "</s>"


def sewn(parts: Sequence[str]) -> str:
    """The parts as one text, with no more than one blank line where something was cut out."""
    done = [parts[0].rstrip("\n")]
    breaks = len(parts[0]) - len(done[0])
    for part in parts[1:]:
        body = part.lstrip("\n")
        breaks += len(part) - len(body)
        if not body:
            continue
        if not breaks and _NO_BLANK.match(body):
            done[-1] = _without_blank(done[-1])
        kept = body.rstrip("\n")
        done += ["\n" * min(_MOST_BREAKS, breaks), kept]
        breaks = len(body) - len(kept)
    return "".join(done).strip()


def trimmed(text: str) -> str:
    """The text without the signs that only begin or end one."""
    small = text.lower()
    if len(small) != len(text):  # a letter that is two in small
        small = text
    start, end = _stripped(text, 0, len(text))
    if not small.startswith((*EDGES, _BEGIN), start) and not small.endswith(EDGES, start, end):
        return text
    while sign := next((one for one in EDGES if small.startswith(one, start, end)), ""):
        start, end = _stripped(text, start + len(sign), end)
    while sign := next((one for one in EDGES if small.endswith(one, start, end)), ""):
        start, end = _stripped(text, start, end - len(sign))
    return _without_begin(text[start:end])


def _without_begin(text: str) -> str:
    """The text without ``<s>`` where it begins the text, rather than something struck out."""
    if not text.lower().startswith(_BEGIN):
        return text
    inside = text[len(_BEGIN) :]
    if inside.lower().endswith(_END):
        inside = inside[: -len(_END)]
    alone = _BEGIN not in inside.lower() and _END not in inside.lower()
    return trimmed(inside.strip()) if alone else text


def _without_blank(text: str) -> str:
    bare = text.rstrip(" ")
    return bare if bare and not bare.endswith("\n") else text


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
