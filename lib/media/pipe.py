"""Giving a child its request while taking its answer, however slow or talkative it is."""

import os
import selectors
import time
from typing import IO

from lib.media.errors import MediaLateError, MediaUnreadableError

_PIECE = 1 << 16


def ask(into: IO[bytes], out_of: IO[bytes], request: bytes, most: int, deadline: float) -> bytes:
    """Write a request into a child's input and close it; return the whole of its output.

    ``deadline`` is a time of the monotonic clock.

    Raises:
        MediaLateError: the output did not end before the deadline.
        MediaUnreadableError: the output has more than ``most`` bytes.
    """
    unsent, answer = memoryview(request), bytearray()
    with selectors.DefaultSelector() as watch:
        for pipe, event in ((into, selectors.EVENT_WRITE), (out_of, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            watch.register(pipe, event)
        while (left := deadline - time.monotonic()) > 0:
            for key, _ in watch.select(left):
                if key.fileobj is into:
                    unsent = _rest(key.fd, unsent)
                    if not unsent:
                        watch.unregister(into)
                        into.close()
                    continue
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    return bytes(answer)
                answer += piece
                if len(answer) > most:
                    raise MediaUnreadableError("the child says too much")
    raise MediaLateError("the child did not answer in time")


def _rest(pipe: int, unsent: memoryview) -> memoryview:
    """Write what the pipe takes now; return the rest, which is none where nobody reads on."""
    try:
        return unsent[os.write(pipe, unsent[:_PIECE]) :]
    except BrokenPipeError:
        return unsent[:0]
