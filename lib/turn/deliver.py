"""The use case that sends a reply: its chunks in order, each of them once."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.errors import (
    SendError,
    SendInDoubtError,
    SendPermanentError,
    SendTooLongError,
    SendUnreachableError,
    TurnTakenError,
)
from lib.model import Chunk, DeliveryState, Turn, TurnState
from lib.ports.clock import Clock
from lib.ports.documents import Write
from lib.ports.sender import Sender
from lib.reply.chunks import split
from lib.storage.stores import Stores
from lib.storage.stores.sessions import unreachable_write
from lib.turn import chunks, moves
from lib.turn.apology import apologise, letter
from lib.turn.doubt import look_up, recalled
from lib.turn.sending_log import facts, log_sent

SMALLER_UNITS = 1000
"""The size, in UTF-16 units, of the second try where the provider counts more than we do."""

LONGEST_DOUBT = timedelta(minutes=30)
"""After this long without an answer to the look-up, a chunk in doubt is given up, visibly."""

LONGEST_SEND = timedelta(seconds=20)
"""With less of the lease left, none is begun. Waiting, a menu and one time-out take 20 at most."""

LONG_WAIT = 2.0
"""Seconds. Who waited longer, as settings allow, asks whether the next chunk is still wanted."""

SLOW_SEND = 0.5
"""Seconds. A callback on a message that was sent and noted faster looks for its turn for longer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What sending needs: the adapters, and its times.

    ``lease`` is how long a worker that fell silent keeps its turn; longer than ``settling``, for
    which a chunk in doubt is left alone: a provider lists a message a little after taking it.
    ``chunk_wait`` is the seconds that a chunk waits at most for the one before it to be sent.
    """

    stores: Stores
    sender: Sender
    clock: Clock
    lease: timedelta
    settling: timedelta
    chunk_wait: float


def deliver(turn: Turn, dispatch: Dispatch, *, fresh: bool) -> Turn:
    """Send every chunk of an answered turn that is not sent yet; return the turn afterwards.

    Each send is one commit, which marks the chunk as sent and the next one as being sent.
    ``fresh`` says that the commit just made opened the first chunk. A chunk that was being
    sent when an earlier worker stopped is in doubt, and looked up before it is sent again.

    A chunk waits until the one before is reported as sent, for a while. If that one failed,
    the rest stays unsent: the report of it is queued behind this message, and decides.

    Raises:
        SendRetryableError, SendInDoubtError, SendConfigurationError: the rest waits for the
            next delivery; the turn is released for it.
        StoreError: what was sent last may not be recorded; it is in doubt.
        TurnTakenError: another worker has the turn, or is about to.
    """
    work = _Round(dispatch)
    in_doubt = not fresh
    if turn.state is TurnState.ANSWERED and chunks.open_chunk(turn) is None:
        turn = work.commit(turn, moves.open_next(turn, work.now(), work.until()))
        in_doubt = False
    if not in_doubt and (before := chunks.last_sid(turn)):
        turn = work.after(before, turn)
    while turn.state is TurnState.ANSWERED and (chunk := chunks.open_chunk(turn)):
        turn = work.advance(turn, chunk, in_doubt=in_doubt)
        in_doubt = False
    return turn


@dataclass(frozen=True, slots=True)
class _Round:
    """Every step of one delivery."""

    dispatch: Dispatch

    def advance(self, turn: Turn, chunk: Chunk, *, in_doubt: bool) -> Turn:
        """Bring the open chunk one step further and store the turn."""
        sender, deliveries = self.dispatch.sender, self.dispatch.stores.deliveries
        started = time.monotonic()
        try:
            sid = look_up(turn, chunk, sender, deliveries) if in_doubt else ""
        except SendError as error:
            return self._doubt_on(turn, chunk, error)
        found = bool(sid)
        if not found and (left := recalled(chunks.wanted(turn), deliveries)) != turn:
            _log.warning("chunk arrived after all, or is not wanted", extra=facts(turn))
            return self.commit(turn, moves.open_next(left, self.now(), self.until()))
        if turn.lease_until - self.now() < LONGEST_SEND and not found:
            # This process was held up: the turn may soon be somebody else's.
            raise TurnTakenError("too late to begin a send")
        try:
            sid = sid or sender.send(turn.address, chunk.text, chunk.menu)
        except SendTooLongError as error:
            return self._shorten(turn, chunk, error)
        except SendPermanentError as error:
            return self._give_up(turn, error)
        except SendError as error:
            return self._postpone(turn, error)
        seconds = time.monotonic() - started
        log_sent(turn, sid, seconds, self.now(), found=found)
        return self._close(turn, sid, slow=seconds > SLOW_SEND)

    def _close(self, turn: Turn, sid: str, *, slow: bool) -> Turn:
        """Store that the open chunk was sent; wait for it if there is a next one."""
        closed = moves.close(turn, sid, self.now(), self.until(), slow=slow)
        closed = self.commit(turn, closed, self.dispatch.stores.deliveries.sent_write(sid, turn))
        return self.after(sid, closed) if closed.state is TurnState.ANSWERED else closed

    def after(self, before: str, turn: Turn) -> Turn:
        """Return the turn when its open chunk may be sent; let go of it if the last one failed.

        An apology waits for no report: it is what a report would ask for.
        """
        seconds, reports = self.dispatch.chunk_wait, self.dispatch.stores.deliveries
        started = time.monotonic()
        report = reports.await_report(before, seconds) if seconds > 0 else None
        if time.monotonic() - started > LONG_WAIT:
            from lib.turn.stopped import still_wanted  # noqa: PLC0415 - seldom needed

            turn = still_wanted(turn, self.dispatch.stores.turns)
        has_failed = report is not None and report.state is DeliveryState.FAILED
        if turn.state is not TurnState.ANSWERED or not has_failed or chunks.is_apology_next(turn):
            return turn
        _log.warning("chunk waits for a failed one", extra=facts(turn))
        return self.commit(turn, moves.let_go(turn, self.now(), in_doubt=False))

    def _doubt_on(self, turn: Turn, chunk: Chunk, error: SendError) -> Turn:
        if self.now() - (chunk.opened_at or turn.created_at) > LONGEST_DOUBT:
            return self._give_up(turn, error)
        return self._let_go(turn, error, self.dispatch.settling, in_doubt=True)

    def _postpone(self, turn: Turn, error: SendError) -> Turn:
        in_doubt = isinstance(error, SendInDoubtError)
        pause = self.dispatch.settling if in_doubt else timedelta(seconds=error.retry_after)
        return self._let_go(turn, error, pause, in_doubt=in_doubt)

    def _let_go(self, turn: Turn, error: SendError, pause: timedelta, *, in_doubt: bool) -> Turn:
        """Let go of the turn, and have it brought again, unless it was stopped meanwhile."""
        _log.warning("chunk postponed", extra=facts(turn, error))
        left = self.commit(turn, moves.let_go(turn, self.now() + pause, in_doubt=in_doubt))
        if chunks.first_unsent(left) is None:
            return left
        raise error

    def _shorten(self, turn: Turn, chunk: Chunk, error: SendTooLongError) -> Turn:
        pieces = split(chunk.text, SMALLER_UNITS)
        if len(pieces) < 2:  # noqa: PLR2004 - as small as we make them, and still too long
            return self._give_up(turn, error)
        _log.warning("chunk split again", extra=facts(turn, error))
        return self.commit(turn, moves.resplit(turn, pieces, self.now(), self.until()))

    def _give_up(self, turn: Turn, error: SendError) -> Turn:
        """Keep the rest as a dead letter, and tell the person if that is possible."""
        _log.error("reply given up", extra=facts(turn, error))
        reason = f"{error.code} {error.provider_code}".rstrip()
        lost = self.dispatch.stores.dead_letters.write(letter(turn, reason, self.now()))
        if isinstance(error, SendUnreachableError):
            marked = unreachable_write(turn.contact, error.provider_code)
            return self.commit(turn, moves.mark_dead(turn), lost, marked)
        known = self.dispatch.stores.conversations
        return self.commit(turn, apologise(turn, known, self.now(), self.until()), lost)

    def commit(self, held: Turn, moved: Turn, *writes: Write) -> Turn:
        """Store the move of a turn in hand, and what is kept with it."""
        try:
            return self.dispatch.stores.turns.commit(moved, writes)
        except TurnTakenError:
            from lib.turn.stopped import tell  # noqa: PLC0415 - seldom needed

            return tell(held, moved, writes, self.dispatch.stores.turns)

    def now(self) -> datetime:
        """The present."""
        return self.dispatch.clock()

    def until(self) -> datetime:
        """The end of a lease that begins now."""
        return self.now() + self.dispatch.lease
