"""What fits into a turn: it is one document, and Firestore's have a largest size.

Source: Firestore's documentation, "Usage and limits": 1 MiB (1,048,576 bytes) a document. Texts
count as UTF-8 and one byte; names of fields, numbers and times are small, and the same for each
chunk.
"""

from collections.abc import Sequence
from dataclasses import astuple
from itertools import accumulate, takewhile

from lib.model import Chunk

MOST_BYTES = 1_000_000
"""Of the message as it was queued and all that is answered to it: the rest is room."""

_BYTES_A_CHUNK = 1_024
"""What a chunk takes beside its text: 150 bytes of its state, and the same for each of the smaller
ones it may be split into, with the marks that these repeat."""


MOST_ENCLOSED = 6
"""Chunks with media behind an answer: four of its own, what is spoken of it, and one to spare."""

MOST_ENCLOSED_BYTES = 32_768
"""Of one of them: an address, a caption, a text in its place, and words that are spoken."""


def enclosable(chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Return as many chunks with media as a turn holds beside any answer."""
    fit = [one for one in chunks if _enclosed_size(one) <= MOST_ENCLOSED_BYTES]
    return tuple(fit[:MOST_ENCLOSED])


def fitting(
    chunks: Sequence[str], payload: str, shortened: str, enclosed: Sequence[Chunk] = ()
) -> tuple[str, ...]:
    """Return as many chunks as fit beside a payload: all of them, but for monstrous messages.

    ``shortened`` is what is said in place of the others, ``enclosed`` is kept in any case.
    """
    room = MOST_BYTES - len(payload.encode(errors="replace")) - sum(map(_enclosed_size, enclosed))
    if sum(map(_size, chunks)) <= room:
        return tuple(chunks)
    sizes = accumulate(map(_size, chunks), initial=_size(shortened))
    count = sum(1 for _ in takewhile(lambda size: size <= room, sizes)) - 1
    return (*chunks[: max(0, count)], shortened)


def _size(chunk: str) -> int:
    return len(chunk.encode(errors="replace")) + _BYTES_A_CHUNK


def _enclosed_size(chunk: Chunk) -> int:
    media = astuple(chunk.media) if chunk.media else ()
    said = "".join(one for one in media if isinstance(one, str))
    return _size(chunk.text) + _size(said)
