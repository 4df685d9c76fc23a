"""What the log says of sends."""

import logging
from datetime import datetime

from lib.address import mask
from lib.errors import SendError
from lib.model import ChunkKind, Turn
from lib.turn import chunks

_log = logging.getLogger("lib.turn.deliver")


def facts(turn: Turn, error: SendError | None = None) -> dict[str, object]:
    """What each line about a send tells of its turn, and of the chunk that is open or next.

    A note that work goes on is not counted. With an ``error`` it says why the send failed.
    """
    notes = sum(chunk.kind is ChunkKind.NOTE for chunk in turn.chunks)
    where = {
        "chunk": (chunks.first_unsent(turn) or 0) + 1 - notes,
        "chunks": len(turn.chunks) - notes,
        "contact": mask(turn.address),
        "trace_id": turn.trace_id,
    }
    if error is None:
        return where
    why = {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
    return where | why


def log_sent(turn: Turn, sid: str, seconds: float, now: datetime, *, found: bool = False) -> None:
    """Note that the open chunk was sent, or found to be.

    ``reply_ms`` counts from the moment when the message was taken up; for the first chunk it is
    ``first_ms``, too: how long a person waited for something to read.
    """
    chunk = chunks.open_chunk(turn)
    kind = chunk.kind if chunk else ChunkKind.ANSWER
    waited = round((now - turn.created_at).total_seconds() * 1000)
    told = {**facts(turn), "elapsed_ms": round(seconds * 1000), "reply_ms": waited}
    if kind is ChunkKind.NOTE:
        _log.info("note sent", extra={**told, "sid": sid})
        return
    first = {"first_ms": waited} if told["chunk"] == 1 else {}
    early = {"early": kind is ChunkKind.EARLY}
    media = {"media": chunk.media.kind} if chunk and chunk.media else {}
    _log.info("chunk sent", extra={**told, **first, **early, **media, "sid": sid, "found": found})
