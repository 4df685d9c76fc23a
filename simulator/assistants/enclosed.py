"""What the gateway tells an assistant of what was sent besides words, found in its text."""

import re
from dataclasses import dataclass

_PARTS = re.compile(
    r"^\[(?P<what>Picture|Document|Recording|Voice note|Contact|Shared contact|Location|Attachment)"
    r"\b[,:]?[ ]?(?P<told>[^\]\n]*)\]"
    r"(?:\n(?P<fence>`{3,})\n(?P<text>.*?)\n?(?P=fence)$)?"
    r"(?:\n\[…[ ](?P<rest>[^\]\n]*)\]$)?",
    re.MULTILINE | re.DOTALL,
)
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
    named = [
        Enclosed(one["what"], one[0], one["told"], one["text"] or "", one["rest"] or "")
        for one in _PARTS.finditer(asked)
    ]
    return named, _UNSEEN.sub("", _PARTS.sub("", asked)).strip()
