"""What fits into a turn: it is one document, and Firestore's have a largest size.

Source: Firestore's documentation, "Usage and limits": 1 MiB (1,048,576 bytes) a document. Texts
count as UTF-8 and one byte; names of fields, numbers and times are small, and the same for each
chunk.
"""

from collections.abc import Sequence
from itertools import accumulate, takewhile

MOST_BYTES = 1_000_000
"""Of the message as it was queued and all that is answered to it: the rest is room."""

_BYTES_A_CHUNK = 1_024
"""What a chunk takes beside its text: 150 bytes of its state, and the same for each of the smaller
ones it may be split into, with the marks that these repeat."""


def fitting(chunks: Sequence[str], payload: str, shortened: str) -> tuple[str, ...]:
    """Return as many chunks as fit beside a payload: all of them, but for monstrous messages.

    ``shortened`` is what is said in place of the others.
    """
    room = MOST_BYTES - len(payload.encode(errors="replace"))
    if sum(map(_size, chunks)) <= room:
        return tuple(chunks)
    sizes = accumulate(map(_size, chunks), initial=_size(shortened))
    count = sum(1 for _ in takewhile(lambda size: size <= room, sizes)) - 1
    return (*chunks[: max(0, count)], shortened)


def _size(chunk: str) -> int:
    return len(chunk.encode(errors="replace")) + _BYTES_A_CHUNK
