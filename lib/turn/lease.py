"""Keeping a turn while the assistant works: its lease is renewed until the work is done.

A short lease lets another worker take over soon after a crash; renewing it lets the assistant
take its time. One thread serves all turns of a process; it ends when there are none, and beginning
a turn does not wake it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from lib import trace
from lib.errors import ShortageError, StoreError, TurnTakenError
from lib.model import Turn
from lib.ports.clock import Clock
from lib.shortage import start_thread
from lib.stopping import Stop
from lib.storage.stores.turns import Turns
from lib.turn import moves

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a thread of its own does once it is ``due``, by the clock that nobody turns."""

    due: float
    ring: Callable[[], None]


@dataclass(slots=True)
class KeptTurn:
    """A turn in hand; ``turn`` is its newest version, which only its holder may move.

    ``since`` is when it was taken in hand, by the clock that nobody turns. ``stop`` is given
    when the work on it is for nothing. ``alarm`` rings once, a sixth of a lease late at most.
    """

    turn: Turn
    since: float
    lost: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: Stop = field(default_factory=Stop)
    alarm: Alarm | None = None


LONGEST = timedelta(minutes=5)
"""What no answer takes: its assistant's time-out, and the work on what the assistant said."""


class LeaseKeeper:
    """Renews leases of ``length`` a third of it after they began, up to ``longest``.

    Whatever takes longer hangs: its turn is left to another worker.
    """

    def __init__(
        self, turns: Turns, clock: Clock, length: timedelta, longest: timedelta = LONGEST
    ) -> None:
        self._turns = turns
        self._clock = clock
        self._length = length
        self._longest = longest
        self._lock = threading.Lock()
        self._kept: dict[str, KeptTurn] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, turn: Turn) -> Iterator[KeptTurn]:
        """Keep a turn while the block runs. Afterwards ``turn`` of what is given stays as it is.

        Whether another worker took it shows when it is written.

        Raises:
            ShortageError: there is no thread to renew it, so it must not be worked on now.
        """
        kept = KeptTurn(turn, time.monotonic())
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = start_thread(self._watch, "leases")
            self._kept[turn.id] = kept
        try:
            yield kept
        finally:
            with self._lock:
                self._kept.pop(turn.id, None)
            # A renewal under way makes a new version: the one to go on from.
            with kept.lock:
                kept.lost = True

    def stop(self, turn_id: str) -> None:
        """End the work on a turn, if it is done in this process: nobody wants it any more."""
        with self._lock:
            kept = self._kept.get(turn_id)
        if kept is not None:
            kept.stop.give()

    def _watch(self) -> None:
        # So often that no more than half of a lease is over before it is renewed.
        pause = (self._length / 6).total_seconds()
        while True:
            time.sleep(pause)
            with self._lock:
                if not self._kept:
                    self._thread = None
                    return
                held = list(self._kept.values())
            for kept in held:
                try:
                    _ring(kept)
                    if self._is_due(kept.turn):
                        self._renew(kept)
                except Exception:  # noqa: BLE001 - whatever it is, the other leases are renewed
                    _log.exception("lease not renewed", extra={"trace_id": kept.turn.trace_id})

    def _is_due(self, turn: Turn) -> bool:
        return turn.lease_until - self._clock() < self._length * 2 / 3

    def _renew(self, kept: KeptTurn) -> None:
        with kept.lock, trace.following(kept.turn.trace_id):
            if kept.lost:
                return
            if time.monotonic() - kept.since > self._longest.total_seconds():
                kept.lost = True
                kept.stop.give()
                _log.error("lease renewed no longer: the work on a turn hangs")
                return
            try:
                until = self._clock() + self._length
                kept.turn = self._turns.commit(moves.renew(kept.turn, until))
                _log.info("lease renewed")
            except TurnTakenError:
                kept.lost = True
                kept.stop.give()
                _log.warning("turn lost to another worker")
            except StoreError as error:
                _log.warning("lease not renewed", extra={"code": error.code})


def _ring(kept: KeptTurn) -> None:
    alarm = kept.alarm
    if alarm is None or time.monotonic() < alarm.due:
        return
    kept.alarm = None
    with suppress(ShortageError):  # it is no more than a courtesy
        start_thread(alarm.ring, "alarm")
