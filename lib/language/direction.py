"""The direction of text: marks that let Arabic stand right beside words in other letters.

WhatsApp takes the direction of a line from its first strong letter. Sources: Unicode Standard
Annex 9 (isolates end with their paragraph at the latest); W3C, "Inline markup and bidirectional
text".
"""

import re

RIGHT_TO_LEFT = frozenset({"ar"})

_MARK = "\u200f"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_ARGUMENT = r"[A-Z\d]{4}-[A-Z\d]{4}|\d(?:-\d)?|(?:on|off|auto)(?:\|\w+)*|yes"
_COMMAND = re.compile(rf"/[a-z]+(?: (?:{_ARGUMENT}))?")
_LINE = re.compile(r"(?m)^(?=.)")
_WHOLE_LINE = re.compile(r".+")


def begun(text: str) -> str:
    """Return a text whose lines all run from right to left."""
    return _LINE.sub(_MARK, text)


def isolated(text: str) -> str:
    """Return a text that keeps its own direction, whatever stands around it."""
    return _WHOLE_LINE.sub(_in_isolation, text)


def with_isolated_commands(text: str) -> str:
    """Return a text whose commands are read from left to right, slash first."""
    return _COMMAND.sub(_in_isolation, text)


def _in_isolation(found: re.Match[str]) -> str:
    return f"{_FIRST_STRONG_ISOLATE}{found[0]}{_POP_ISOLATE}"
