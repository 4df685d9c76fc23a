"""Angle brackets of a Markdown text: which of them are HTML, and which are the text's own.

Placeholders (``<name>``), generics (``List<int>``) and comparisons look like tags. HTML is what
has the name of an element, attributes that have values, and an end where it needs one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from lib.reply.elements import LONE, WORDS, Role
from lib.reply.tags import TAG, Tag, tag_of
from lib.reply.targets import SCHEMES

Place = tuple[int, int]
"""Where something begins and ends in a text."""

_KEPT = (
    r"(?<=\]\()<[^<>\n]*+>|(?<=\]: )<[^<>\n]*+>"  # the target of a link
    rf"|<(?:{'|'.join(sorted(SCHEMES))}):[^\s<>]++>"
    r"|<[\w.!#$%&'*+/=?^`{|}~-]++@(?:[A-Za-z0-9-]++\.)++[A-Za-z0-9-]++>|<!doctype\b[^<>]*+>"
)
_ELEMENT = r"<(?P<end>/?)(?P<element>[A-Za-z_][\w.:-]*+)(?:\s[^<>]*+)?>"
_ANGLE = re.compile(rf"(?P<comment><!--)|(?P<kept>{_KEPT})|{TAG}|{_ELEMENT}|<", re.IGNORECASE)
_BLOCKS = frozenset(
    {Role.BLOCK, Role.HEADING, Role.BULLETS, Role.NUMBERED, Role.TABLE, Role.QUOTE, Role.LISTING}
)
_STYLED = _BLOCKS | {Role.STRONG, Role.EMPHASIS, Role.STRIKE, Role.RAISED, Role.LOWERED}
_TOUCHING = frozenset({"span", "u", "ins", "font", "big", "small"})
_TAG_FOLLOWS = re.compile(r"\s*</?[A-Za-z]")
_MARKS = frozenset("*_~")
_LONGEST_MARKS = 4  # and what stands before them
_MARKS_BEFORE = re.compile(r"(?<!\w)(\*+|_+|~+)\Z")
_MARKS_AFTER = re.compile(r"(\*+|_+|~+)(?!\w)")
_COMMENT_END = "-->"
_NEAR = 100
"""How far around a tag is looked for what tells it from a placeholder."""


class _Angle(NamedTuple):
    start: int
    end: int
    name: str
    closing: bool = False
    tag: Tag | None = None
    sure: bool = False


class Angles(NamedTuple):
    """The angle brackets of a text: places of HTML and of targets of links, and what is text.

    ``brackets`` are text, and so is all that stands in ``code``, between tags for code.
    """

    html: list[Place]
    brackets: list[int]
    code: list[Place]


def sort_angles(markdown: str, code: Sequence[Place]) -> Angles:
    """Return the angle brackets outside code. Takes time linear in the length."""
    found = [*_angles(markdown, code)]
    paired = _paired(found)
    foreign = _foreign(found, paired)
    sorted_angles = Angles([], [], [])
    for index, angle in enumerate(found):
        partner = found[paired[index]] if index in paired else None
        if angle.sure or (
            angle.tag is not None
            and not (foreign[index] and angle.tag.name in WORDS)
            and _is_tag(markdown, angle, angle.tag, partner)
        ):
            if sorted_angles.html and angle.closing and partner and _is_code(angle.tag):
                sorted_angles.code.append((sorted_angles.html[-1][1], angle.start))
            sorted_angles.html.append((angle.start, angle.end))
        else:
            sorted_angles.brackets.append(angle.start)
    return sorted_angles


def _is_code(tag: Tag | None) -> bool:
    return tag is not None and tag.role is Role.CODE


def _is_tag(markdown: str, angle: _Angle, tag: Tag, partner: _Angle | None) -> bool:
    if _is_in_marks(markdown, angle):
        return False
    if partner is None:
        return _stands_alone(markdown, angle, tag)
    return not _is_mentioned(markdown, angle, partner)


def _angles(markdown: str, code: Sequence[Place]) -> Iterator[_Angle]:
    ends = iter((*code, (len(markdown), len(markdown))))
    begin, after = next(ends)
    position = 0
    comments = True
    while match := _ANGLE.search(markdown, position):
        start, position = match.span()
        while after <= start < len(markdown) and begin < len(markdown):
            begin, after = next(ends)
        if start >= begin:
            position = after
            continue
        if match["comment"]:
            end = markdown.find(_COMMENT_END, start) if comments else -1
            comments = end >= 0
            position = end + len(_COMMENT_END) if comments else position
            yield _Angle(start, position, "", sure=comments)
        elif position > begin:
            # A bracket before code, which ends in it by chance.
            position = start + 1
            yield _Angle(start, position, "")
        else:
            yield _read(match)


def _read(match: re.Match[str]) -> _Angle:
    start, end = match.span()
    if match["kept"]:
        return _Angle(start, end, "", sure=True)
    tag = tag_of(match) if match["name"] else None
    name = match["name"] or match["element"] or ""
    closing = bool(match["close"] or match["end"])
    return _Angle(start, end, name.lower(), closing, tag)


def _paired(found: Sequence[_Angle]) -> dict[int, int]:
    """The tags that have a partner, each with the index of its partner."""
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = defaultdict(list)
    for index, angle in enumerate(found):
        if not angle.name or (angle.tag and angle.tag.alone):
            continue
        if not angle.closing:
            opened[angle.name].append(index)
        elif opened[angle.name]:
            partner = opened[angle.name].pop()
            pairs[partner], pairs[index] = index, partner
    return pairs


def _foreign(found: Sequence[_Angle], pairs: dict[int, int]) -> list[bool]:
    """Which of them stand inside an element that HTML does not know: that is XML."""
    steps = [
        0 if angle.tag or index not in pairs else (-1 if angle.closing else 1)
        for index, angle in enumerate(found)
    ]
    return [depth > 0 for depth in accumulate(steps)]


def _is_in_marks(markdown: str, angle: _Angle) -> bool:
    """Whether all that is emphasized is the tag itself: ``**<b>**``."""
    if markdown[angle.start - 1 : angle.start] not in _MARKS:
        return False
    before = _MARKS_BEFORE.search(markdown, max(0, angle.start - _LONGEST_MARKS), angle.start)
    after = _MARKS_AFTER.match(markdown, angle.end)
    return before is not None and after is not None and before[1] == after[1]


def _is_mentioned(markdown: str, angle: _Angle, partner: _Angle) -> bool:
    """Whether a pair of tags is spoken of: "between <div> and </div>"."""
    start, end = (partner, angle) if angle.closing else (angle, partner)
    if start.tag is None or start.tag.role not in _BLOCKS or start.tag.rest:
        return False
    around = markdown[start.start - 1 : start.start] + markdown[start.end : start.end + 1]
    return around == "  " and markdown[end.start - 1] == " "


def _stands_alone(markdown: str, angle: _Angle, tag: Tag) -> bool:
    """Whether a tag without a partner is one."""
    if tag.name in LONE or "=" in tag.rest:
        return True
    before = markdown[max(0, angle.start - _NEAR) : angle.start]
    after = markdown[angle.end : angle.end + _NEAR]
    if tag.closing:
        begins_line = before.rstrip(" \t")[-1:] in {"", "\n"}
        return begins_line or not before[-1].isspace()
    if before[-1:].isalnum() or tag.alone:
        return False
    if tag.name in WORDS or not (tag.role in _STYLED or tag.name in _TOUCHING):
        return False
    touches = after[:1].isalnum() or after[:1] in set("*_~`<&\\")
    return touches or (tag.role in _BLOCKS and _TAG_FOLLOWS.match(after) is not None)
