"""What the gateway tells an assistant of what was sent besides words, found in its text."""

import re
from dataclasses import dataclass

# What was said in a recording follows in lines of its own, as words of the person's do.
_SPOKEN = r"^\[Voice message(?P<length>[^\]\n]*)\]\n(?P<said>[^\n]+(?:\n(?!\[)[^\n]+)*)"
_OTHER = (
    r"^\[(?P<what>Picture|Document|Recording|Contact|Shared contact|Location|Attachment)"
    r"\b(?P<told>[^\]\n]*)\]"
    r"(?:\n(?P<fence>`{3,})\n(?P<text>.*?)\n?(?P=fence)$)?"
    r"(?:\n\[…[ ](?P<rest>[^\]\n]*)\]$)?"
)
_PARTS = re.compile(f"{_SPOKEN}|{_OTHER}", re.MULTILINE | re.DOTALL)
_BETWEEN = " ,:"
_UNSEEN = re.compile(r"^\[(\d+) pictures? could not be shown to this assistant\]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing that came with a message, as it was told.

    ``told`` stands beside what it is, ``text`` is what it says, ``rest`` what was left out of that;
    ``whole`` is all of it.
    """

    what: str
    whole: str
    told: str = ""
    text: str = ""
    rest: str = ""


def enclosed(asked: str) -> tuple[list[Enclosed], str]:
    """Return what came with a question, and the words of the person."""
    named = list(map(_part, _PARTS.finditer(asked)))
    return named, _UNSEEN.sub("", _PARTS.sub("", asked)).strip()


def _part(found: re.Match[str]) -> Enclosed:
    if found["said"]:
        length = found["length"].strip(_BETWEEN)
        return Enclosed("Voice message", found[0], length, found["said"])
    told = found["told"].strip(_BETWEEN)
    return Enclosed(found["what"], found[0], told, found["text"] or "", found["rest"] or "")
