"""Messages one after another through a pipe, each after its length in eight bytes."""

import io
from typing import IO

from lib.media.exchange import Message, packed, unpacked

_HEAD = 8


def send(pipe: IO[bytes], message: Message) -> None:
    """Write a message.

    Raises:
        OSError: nobody reads it.
    """
    raw = packed(message)
    rest = memoryview(len(raw).to_bytes(_HEAD) + raw)
    while rest:
        rest = rest[pipe.write(rest) :]


def receive(pipe: IO[bytes], most: int) -> Message | None:
    """Read a message; None at the end of the pipe.

    Raises:
        ValueError: it is no message, or has more than so many bytes.
    """
    head = _read(pipe, _HEAD)
    if not head:
        return None
    size = int.from_bytes(head)
    if size > most:
        raise ValueError("a message of too many bytes")
    return unpacked(_read(pipe, size))


def _read(pipe: IO[bytes], size: int) -> bytes:
    """Read so many bytes, fewer at the end of the pipe only."""
    found = io.BytesIO()
    while (left := size - found.tell()) and (piece := pipe.read(left)):
        found.write(piece)
    return found.getvalue()
