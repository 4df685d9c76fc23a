"""Tags of HTML: how they are written."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from lib.reply.elements import ROLES, SWITCHES, VOID, Role
from lib.reply.standins import shown

_MOST_ATTRIBUTES = 30
"""More belong to no tag in an answer, and would be looked for again and again."""

_NAME = r"[A-Za-z_:@][\w.:@-]*+"
_VALUE = r"\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++"
_ATTRIBUTE = re.compile(rf"\s++({_NAME})(?:\s*+=\s*+({_VALUE}))?+")
TAG = (
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*+)"
    rf"(?P<rest>(?:\s++{_NAME}(?:\s*+=\s*+(?:{_VALUE}))?+){{0,{_MOST_ATTRIBUTES}}}+)"
    r"\s*+(?P<alone>/?)>"
)
"""A tag as a pattern. Whether its name is one of HTML's is asked afterwards."""

_PIECE = re.compile(rf"<!--.*?-->|<!doctype\b[^<>]*+>|{TAG}", re.DOTALL | re.IGNORECASE)


class Tag(NamedTuple):
    """A tag of an element of HTML; ``rest`` is what stands after its name."""

    name: str
    role: Role
    closing: bool
    alone: bool
    rest: str = ""

    def attribute(self, name: str) -> str:
        """The value of an attribute, or nothing."""
        return dict(attributes(self.rest)).get(name) or ""

    def has(self, name: str) -> bool:
        """Whether there is an attribute of this name."""
        return name in dict(attributes(self.rest))


def tag_of(match: re.Match[str]) -> Tag | None:
    """The tag that a match of ``TAG`` is, if it is HTML by its name and its attributes."""
    close, name, rest, alone = match.group("close", "name", "rest", "alone")
    name = name.lower()
    role = ROLES.get(name)
    if role is None or (rest and not _are_values(rest)):
        return None
    return Tag(name, role, bool(close), name in VOID or bool(alone), rest)


def _are_values(rest: str) -> bool:
    return all(value is not None or key in SWITCHES for key, value in attributes(rest))


def attributes(rest: str) -> Iterator[tuple[str, str | None]]:
    """Yield names and values; a value is None where there is only a name."""
    for name, value in _ATTRIBUTE.findall(rest):
        plain = value[1:-1] if value[:1] in {'"', "'"} else value
        yield name.lower(), unescape(shown(plain)) if value else None


def pieces(html: str) -> Iterator[Tag | str]:
    """Yield the tags of a piece of HTML, and the text between them; comments are left out."""
    position = 0
    for match in _PIECE.finditer(html):
        if match.start() > position:
            yield html[position : match.start()]
        position = match.end()
        if match["name"]:
            tag = tag_of(match)
            yield tag or match[0]
    if position < len(html):
        yield html[position:]
