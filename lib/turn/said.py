"""What is said of a turn before its answer is whole: pure moves of a turn that is ``thinking``.

Its chunks then are parts that left early, in order, and at most one note that work goes on. One
that is ``sending`` is the last: nothing more leaves early behind a doubt.
"""

from dataclasses import replace
from datetime import datetime

from lib.model import Chunk, ChunkKind, ChunkState, Turn
from lib.turn.chunks import open_index, with_chunk


def begin(turn: Turn, text: str, kind: ChunkKind, now: datetime, until: datetime) -> Turn:
    """Open a chunk that is about to be sent, behind what was said."""
    chunk = Chunk(text, ChunkState.SENDING, opened_at=now, kind=kind)
    return replace(turn, chunks=(*turn.chunks, chunk), lease_until=until)


def end(turn: Turn, sid: str, until: datetime, *, slow: bool = False) -> Turn:
    """Mark the open chunk as sent.

    After a ``slow`` send reports may have come unseen, as if the turn had been taken over; but it
    is no further attempt at an answer.
    """
    index = open_index(turn)
    closed = replace(turn.chunks[index], state=ChunkState.SENT, sid=sid)
    counted = replace(turn, attempt=max(turn.attempt, 1 + slow), lease_until=until)
    return with_chunk(counted, index, closed)


def withdraw(turn: Turn) -> Turn:
    """Take back the open chunk, which surely was not sent; a note is given up, since there is one.

    A note in doubt is given up, too: nobody misses it, and nobody shall have it twice.
    """
    index = open_index(turn)
    chunk = turn.chunks[index]
    if chunk.kind is ChunkKind.NOTE:
        return with_chunk(turn, index, replace(chunk, state=ChunkState.GIVEN_UP))
    return replace(turn, chunks=turn.chunks[:index])
