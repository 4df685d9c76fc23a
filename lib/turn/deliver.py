"""The use case that sends a reply: its chunks in order, each of them once."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib import errors
from lib.errors import SendError, SendInDoubtError, TurnTakenError
from lib.model import Chunk, DeliveryState, Turn, TurnState
from lib.ports.documents import Write
from lib.ports.sender import Form
from lib.turn import chunks, moves
from lib.turn.doubt import is_hopeless, look_up, recalled
from lib.turn.responder import Dispatch
from lib.turn.sending_log import facts, log_sent

LONGEST_SEND = timedelta(seconds=20)
"""With less of the lease left, none is begun. Waiting, a menu and one time-out take 20 at most."""

LONG_WAIT = 2.0
"""Seconds. Who waited longer, as settings allow, asks whether the next chunk is still wanted."""

SLOW_SEND = 0.5
"""Seconds. A callback on a message that was sent and noted faster looks for its turn for longer."""

_log = logging.getLogger(__name__)


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
        if sid:
            return self._close(turn, sid, started, found=True)
        if (left := recalled(chunks.wanted(turn), deliveries)) != turn:
            _log.warning("chunk arrived after all, or is not wanted", extra=facts(turn))
            return self.commit(turn, moves.open_next(left, self.now(), self.until()))
        if chunk.media is not None and not chunk.media.is_made:
            return self._make(turn, chunk)
        return self._send(turn, chunk, chunk.menu or chunk.media)

    def _make(self, turn: Turn, chunk: Chunk) -> Turn:
        """Send a medium that is made now, or its text; what takes a while takes a new lease."""
        from lib.turn import forms, preparing  # noqa: PLC0415 - few media are made

        medium = preparing.made(turn, chunk, self.dispatch.prepare)
        if medium is None:
            return self.commit(turn, forms.fall_back(turn, self.now(), self.until()))
        turn = self.commit(turn, moves.renew(turn, self.until()))
        return turn if turn.stopped_by else self._send(turn, chunk, medium)

    def _send(self, turn: Turn, chunk: Chunk, form: Form | None) -> Turn:
        if turn.lease_until - self.now() < LONGEST_SEND:
            # This process was held up: the turn may soon be somebody else's.
            raise TurnTakenError("too late to begin a send")
        started = time.monotonic()
        try:
            sid = self.dispatch.sender.send(turn.address, chunk.text, form)
        except (errors.SendTooLongError, errors.SendPermanentError) as error:
            return self._refuse(turn, chunk, error)
        except SendError as error:
            return self._postpone(turn, error)
        return self._close(turn, sid, started)

    def _close(self, turn: Turn, sid: str, started: float, *, found: bool = False) -> Turn:
        """Store that the open chunk was sent; wait for it if there is a next one."""
        seconds = time.monotonic() - started
        log_sent(turn, sid, seconds, self.now(), found=found)
        slow = seconds > SLOW_SEND
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
        if is_hopeless(turn, chunk, self.now()):
            return self._refuse(turn, chunk, error)
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

    def _refuse(self, turn: Turn, chunk: Chunk, error: SendError) -> Turn:
        from lib.turn.refused import refused  # noqa: PLC0415 - seldom needed

        now, until = self.now(), self.until()
        left, writes = refused(turn, chunk, error, now, until, self.dispatch.stores)
        return self.commit(turn, left, *writes)

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
