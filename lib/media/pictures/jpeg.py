"""Whether a JPEG may go to an assistant as it is: small, and with nothing in it but the picture.

Only the marks between its parts are looked at, nothing is decoded. What is not as cameras and
WhatsApp write it is no failure here: it is decoded, and written anew. Source: ITU-T T.81, annex B;
the application segments of JFIF, ICC and Adobe.
"""

import re
from collections.abc import Iterator

LONGEST_EDGE = 1600
"""In pixels: what WhatsApp makes of a photograph."""

MOST_BYTES = 1_000_000

_START, _END = b"\xff\xd8", b"\xff\xd9"
_LAST = _END[1]
_SCAN = 0xDA
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
# Segments that tell how colours are meant. Others may hold a position, a second picture, a text.
_COLOURS = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
_EIGHT_BITS = b"\x08"
_COMPONENTS = frozenset({b"\x01", b"\x03"})
# A picture of many scans is small and takes its reader a minute; encoders write ten or so.
_MOST_SEGMENTS, _MOST_SCANS = 100, 16
# What ends coded data: a mark that is no byte of it, no restart and no filling.
_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def is_fit(data: bytes) -> bool:
    """Whether it may be passed on untouched."""
    if len(data) > MOST_BYTES or not data.startswith(_START) or not data.endswith(_END):
        return False
    marks: list[int] = []
    for mark, content in _segments(data):
        marks.append(mark)
        if len(marks) > _MOST_SEGMENTS or not _is_plain(mark, content):
            return False
    frames = sum(mark in _FRAMES for mark in marks)
    return frames == 1 and 1 <= marks.count(_SCAN) <= _MOST_SCANS and marks[-1] == _LAST


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marks in their order, with what they contain; the last only if nothing follows it."""
    at = len(_START)
    end = len(data) - len(_END)  # where the last mark is known to be
    while at != end:
        head = data[at : at + 4]
        length = int.from_bytes(head[2:])
        if len(head) < 4 or head[0] != 0xFF or head[1] == _LAST or length < 2:  # noqa: PLR2004
            return
        yield head[1], data[at + 4 : at + 2 + length]
        at += 2 + length
        if head[1] == _SCAN:
            found = _MARK.search(data, at)
            at = found.start() if found else len(data)
    yield _LAST, b""


def _is_plain(mark: int, content: bytes) -> bool:
    if mark in _FRAMES:
        return _is_small(content)
    if mark in _COLOURS:
        return content.startswith(_COLOURS[mark])
    return mark in _TABLES or mark in {_SCAN, _LAST}


def _is_small(frame: bytes) -> bool:
    """Whether a frame has eight bits, a size within limits, and colours or greys."""
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    fits = 0 < height <= LONGEST_EDGE and 0 < width <= LONGEST_EDGE
    return fits and frame[:1] == _EIGHT_BITS and frame[5:6] in _COMPONENTS
