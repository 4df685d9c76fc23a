"""The use case that sends a reply: its chunks in order, each of them once."""

import logging
from dataclasses import dataclass

from lib.address import mask
from lib.conversation import turn as turns
from lib.errors import (
    SendConfigurationError,
    SendError,
    SendInDoubtError,
    SendPermanentError,
    SendTooLongError,
)
from lib.model import Changes, Chunk, DeadLetter, Turn, TurnState
from lib.ports import Clock, Sender, Store
from lib.reply.chunks import split

SMALLER_UNITS = 1000
"""The size, in UTF-16 units, of the second try where the provider counts more than we do."""

_log = logging.getLogger(__name__)


def deliver(
    turn: Turn, store: Store, sender: Sender, clock: Clock, *, payload: str, fresh: bool
) -> Turn:
    """Send every chunk of an answered turn that is not sent yet; return the settled turn.

    Each send is one commit, which marks the chunk as sent and the next one as being sent.
    ``fresh`` says that the commit just made opened the first chunk. A chunk that was being
    sent when an earlier worker stopped is in doubt, and looked up before it is sent again.
    The provider may list a message a little after it took it, so a turn in doubt is released
    only after a while.

    A message that the provider will never take ends the turn: ``payload``, the message as it
    was queued, becomes a dead letter.

    Raises:
        SendRetryableError, SendInDoubtError, SendConfigurationError: the rest waits for the
            next delivery; the turn is released for it.
        StoreError: what was sent last may not be recorded; it is in doubt.
    """
    work = _Round(store, sender, clock, payload)
    in_doubt = not fresh
    if turn.state is TurnState.ANSWERED and turns.open_chunk(turn) is None:
        turn = store.commit(turns.open_next(turn, clock()))
        in_doubt = False
    while turn.state is TurnState.ANSWERED and (chunk := turns.open_chunk(turn)):
        turn = work.advance(turn, chunk, in_doubt=in_doubt)
        in_doubt = False
    return turn


@dataclass(frozen=True, slots=True)
class _Round:
    """What every step of one delivery needs."""

    store: Store
    sender: Sender
    clock: Clock
    payload: str

    def advance(self, turn: Turn, chunk: Chunk, *, in_doubt: bool) -> Turn:
        """Bring the open chunk one step further and store the turn."""
        started = self.clock()
        sid = self._look_up(turn, chunk) if in_doubt else None
        found = sid is not None
        try:
            sid = sid or self.sender.send(turn.address, chunk.text)
        except SendTooLongError as error:
            return self._shorten(turn, chunk, error)
        except SendPermanentError as error:
            return self._bury(turn, error)
        except SendError as error:
            self._postpone(turn, error, in_doubt=isinstance(error, SendInDoubtError))
            raise
        now = self.clock()
        elapsed = round((now - started).total_seconds() * 1000)
        _log.info(
            "chunk sent", extra={**_facts(turn), "sid": sid, "elapsed_ms": elapsed, "found": found}
        )
        return self.store.commit(turns.close(turn, sid, now), Changes(sent=(sid,)))

    def _look_up(self, turn: Turn, chunk: Chunk) -> str | None:
        known = [sent.sid for sent in turn.chunks if sent.sid]
        since = chunk.opened_at or turn.created_at
        try:
            return self.sender.find(turn.address, chunk.text, since, known)
        except SendError as error:
            self._postpone(turn, error, in_doubt=True)
            raise

    def _postpone(self, turn: Turn, error: SendError, *, in_doubt: bool) -> None:
        level = logging.WARNING
        if isinstance(error, SendConfigurationError):
            level = logging.CRITICAL  # nobody gets a reply until an operator acts
        _log.log(level, "chunk postponed", extra=_facts(turn) | _reasons(error))
        self.store.commit(turns.postpone(turn, self.clock(), in_doubt=in_doubt))

    def _shorten(self, turn: Turn, chunk: Chunk, error: SendTooLongError) -> Turn:
        pieces = split(chunk.text, SMALLER_UNITS)
        if len(pieces) < 2:  # noqa: PLR2004 - as small as we make them, and still too long
            return self._bury(turn, error)
        _log.warning("chunk split again", extra=_facts(turn) | _reasons(error))
        return self.store.commit(turns.resplit(turn, pieces, self.clock()))

    def _bury(self, turn: Turn, error: SendError) -> Turn:
        _log.error("reply given up", extra=_facts(turn) | _reasons(error))
        reason = f"{error.code} {error.provider_code}".rstrip()
        letter = DeadLetter(turn.id, reason, self.payload, self.clock(), turn.trace_id)
        return self.store.commit(turns.bury(turn), Changes(dead_letter=letter))


def _facts(turn: Turn) -> dict[str, object]:
    return {
        "chunk": (turns.first_unsent(turn) or 0) + 1,
        "chunks": len(turn.chunks),
        "contact": mask(turn.address),
        "trace_id": turn.trace_id,
    }


def _reasons(error: SendError) -> dict[str, object]:
    return {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
