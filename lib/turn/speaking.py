"""Speaking before the answer is whole: one message after another, each stored before it is sent."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lib.errors import SendError, SendInDoubtError, StoreError, TurnTakenError
from lib.model import ChunkKind, ChunkState, DeliveryState, Turn
from lib.stopping import Stop, StoppedError
from lib.turn import said
from lib.turn.chunks import spoken
from lib.turn.deliver import LONGEST_SEND, SLOW_SEND
from lib.turn.lease import KeptTurn
from lib.turn.responder import Dispatch
from lib.turn.sending_log import facts, log_sent

_log = logging.getLogger(__name__)


class Speaker:
    """Sends for a turn in hand while its assistant works.

    ``contact`` is whose turn it is; ``sent`` is called after each message. Each makes two commits,
    by the lock of the lease's renewals: the turn has one newest version. What goes wrong with one
    ends the speaking, and nothing else.
    """

    def __init__(
        self, kept: KeptTurn, contact: str, dispatch: Dispatch, sent: Callable[[], None]
    ) -> None:
        self._kept = kept
        self._contact = contact
        self._dispatch = dispatch
        self._sent = sent
        self._one = threading.Lock()
        self._closed = False
        self._sent_at = 0.0

    @property
    def stop(self) -> Stop:
        """Given when nobody wants more of the answer."""
        return self._kept.stop

    @property
    def has_spoken(self) -> bool:
        """Whether a part of the answer was sent, or may have been."""
        return bool(spoken(self._kept.turn))

    def say(self, text: str) -> bool:
        """Send a part of the answer; return whether more may follow.

        Raises:
            StoppedError: the turn is no longer this worker's. Any other error is a defect: what
                became of the part is found out before more is said.
        """
        with self._one:
            return not self._closed and self._say(text, ChunkKind.EARLY)

    def note(self, text: str) -> None:
        """Send a note that work goes on, unless anything was said.

        Raises:
            StoppedError: the turn is no longer this worker's.
        """
        with self._one:
            if self._closed or self.stop.given or self._kept.turn.chunks:
                return
            if not self._noted(text):
                self._withdraw()

    def _noted(self, text: str) -> bool:
        try:
            return self._say(text, ChunkKind.NOTE)
        except StoppedError:
            raise
        except Exception:  # noqa: BLE001 - the answer is worth more than a note
            _log.exception("note failed")
            return False

    def close(self) -> None:
        """Return when nothing is being sent; nothing begins afterwards."""
        with self._one:
            self._closed = True

    def _say(self, text: str, kind: ChunkKind) -> bool:
        try:
            if not self._may_follow():
                return False
            self._send(text, kind)
            self._sent()
        except TurnTakenError as error:
            self.stop.give()
            raise StoppedError(str(error)) from error
        except (SendInDoubtError, StoreError) as error:
            self._note_down(error.code, str(error))
            return False
        except SendError as error:
            self._note_down(error.code, str(error))
            self._withdraw()
            return False
        return True

    def _may_follow(self) -> bool:
        """Whether the part before is not known to have failed; waited for as ``deliver`` does."""
        before = next(reversed(spoken(self._kept.turn)), None)
        wait = self._dispatch.chunk_wait
        if before is None or wait <= 0:
            return True
        left = self._sent_at + wait - time.monotonic()
        reports = self._dispatch.stores.deliveries
        known = reports.await_report(before.sid, left) if left > 0 else reports.find(before.sid)
        return known.state is not DeliveryState.FAILED

    def _send(self, text: str, kind: ChunkKind) -> None:
        turn = self._move(lambda turn: self._begun(turn, text, kind))
        if turn.lease_until - self._now() < LONGEST_SEND:
            # This process was held up: the turn may soon be somebody else's.
            raise TurnTakenError("too late to begin a send")
        started = time.monotonic()
        sid = self._dispatch.sender.send(turn.address, text)
        self._sent_at = time.monotonic()
        seconds = self._sent_at - started
        log_sent(turn, sid, seconds, self._now())
        self._end(turn, sid, slow=seconds > SLOW_SEND)

    def _end(self, turn: Turn, sid: str, *, slow: bool) -> None:
        """Store that the open chunk was sent, also where the turn was stopped meanwhile."""
        stores = self._dispatch.stores
        written = stores.deliveries.sent_write(sid, turn)
        with self._kept.lock:
            held = self._kept.turn
            ended = said.end(held, sid, self._until(), slow=slow)
            try:
                self._kept.turn = stores.turns.commit(ended, (written,))
            except TurnTakenError:
                from lib.turn.stopped import tell  # noqa: PLC0415 - seldom needed

                self._kept.turn = tell(held, ended, (written,), stores.turns)
                raise

    def _begun(self, turn: Turn, text: str, kind: ChunkKind) -> Turn:
        if self._kept.lost:
            raise TurnTakenError("the lease is renewed no longer")
        owned = replace(turn, contact=self._contact)
        return said.begin(owned, text, kind, self._now(), self._until())

    def _move(self, change: Callable[[Turn], Turn]) -> Turn:
        with self._kept.lock:
            moved = self._dispatch.stores.turns.commit(change(self._kept.turn))
            self._kept.turn = moved
        return moved

    def _withdraw(self) -> None:
        """Take back a chunk that was not sent; the next commit stores that."""
        with self._kept.lock:
            last = self._kept.turn.chunks[-1:]
            if last and last[0].state is ChunkState.SENDING:
                self._kept.turn = said.withdraw(self._kept.turn)

    def _now(self) -> datetime:
        return self._dispatch.clock()

    def _until(self) -> datetime:
        return self._now() + self._dispatch.lease

    def _note_down(self, code: str, reason: str) -> None:
        told = {"code": code, "reason": reason}
        _log.warning("nothing more is sent early", extra=facts(self._kept.turn) | told)
