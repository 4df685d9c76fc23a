"""Where a turn goes whose open chunk will not be sent as it is, and what is kept with that."""

import logging
from datetime import datetime

from lib.errors import SendError, SendPermanentError, SendTooLongError, SendUnreachableError
from lib.model import Chunk, ChunkKind, Turn
from lib.ports.documents import Write
from lib.reply.chunks import split
from lib.storage.stores import Stores
from lib.storage.stores.sessions import unreachable_write
from lib.turn import forms, moves
from lib.turn.apology import apologise, letter
from lib.turn.sending_log import facts

SMALLER_UNITS = 1000
"""The size, in UTF-16 units, of the second try where the provider counts more than we do."""

Moved = tuple[Turn, tuple[Write, ...]]

_log = logging.getLogger("lib.turn.deliver")


def refused(
    turn: Turn, chunk: Chunk, error: SendError, now: datetime, until: datetime, stores: Stores
) -> Moved:
    """Return a turn with another form of its open chunk, or without it if there is none.

    A medium becomes its text, a text that is too long several ones. A voice goes, and nobody is
    told. What may have been sent has no other form.
    """
    if not isinstance(error, (SendTooLongError, SendPermanentError)):
        return _given_up(turn, chunk, error, now, until, stores)
    is_lost = isinstance(error, SendUnreachableError) and chunk.kind is not ChunkKind.VOICE
    if chunk.media is not None and not is_lost:
        _log.warning("medium not sent", extra=facts(turn, error))
        return forms.fall_back(turn, now, until), ()
    pieces = split(chunk.text, SMALLER_UNITS) if isinstance(error, SendTooLongError) else ()
    if len(pieces) < 2:  # noqa: PLR2004 - as small as we make them, and still too long
        return _given_up(turn, chunk, error, now, until, stores)
    _log.warning("chunk split again", extra=facts(turn, error))
    return forms.resplit(turn, pieces, now, until), ()


def _given_up(
    turn: Turn, chunk: Chunk, error: SendError, now: datetime, until: datetime, stores: Stores
) -> Moved:
    """Keep what is not sent as a dead letter, and tell the person if that is possible."""
    left = _revoked(turn, error, now, stores)
    if chunk.kind is ChunkKind.VOICE:
        _log.warning("voice given up", extra=facts(turn, error))
        return forms.fall_back(turn, now, until), left
    _log.error("reply given up", extra=facts(turn, error))
    reason = f"{error.code} {error.provider_code}".rstrip()
    lost = stores.dead_letters.write(letter(turn, reason, now))
    if isinstance(error, SendUnreachableError):
        unreachable = unreachable_write(turn.contact, error.provider_code)
        return moves.mark_dead(turn), (lost, unreachable, *left)
    return apologise(turn, stores.conversations, now, until), (lost,)


def _revoked(turn: Turn, error: SendError, now: datetime, stores: Stores) -> tuple[Write, ...]:
    """What is kept where a refusal says that its person wants no more messages."""
    if not isinstance(error, SendUnreachableError):
        return ()
    from lib.turn.opting_out import revoked_writes  # noqa: PLC0415 - seldom needed

    return revoked_writes(turn, error.provider_code, turn.id, now, stores)
