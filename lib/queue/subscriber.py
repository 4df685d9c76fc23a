"""Draining the local queue: one thread that keeps the books, and workers that push.

Only the dispatcher touches the table. It writes down everything that happened since its last
round in one transaction, so many messages share one wait for the disk, and nothing is handed
out that is not written down.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from queue import SimpleQueue

from lib.backoff import Backoff, LastResort
from lib.ports.clock import Clock
from lib.queue import rows
from lib.queue.capacity import Capacity
from lib.queue.push import push_body
from lib.queue.row import Row
from lib.queue.rows import Transactions
from lib.queue.workers import Outcome, Workers, facts_of
from lib.shortage import start_thread

Push = Callable[[bytes], int]
"""Hands a push body over and returns the HTTP status of the answer."""

SUBSCRIPTION = "projects/local/subscriptions/whatsapp-inbound"
ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
"""The statuses that Pub/Sub takes as an acknowledgement (Pub/Sub, "Receive push messages")."""

# How soon it is asked again whether there is room for more.
_PAUSE_SECONDS = 0.005
# How soon a message is found that another process published.
_IDLE_SECONDS = 1.0
# Refusals of what somebody waits for, as it may be in doubt for a second or two: it is looked at
# again soon after that, and not as long again after it.
_EVEN = 4
_log = logging.getLogger(__name__)


class Subscriber:
    """Hands queued messages over until it is stopped: one at a time and in order for each key.

    A message is deleted when it was acknowledged and not before, so whatever was in hand when
    the process died comes again, as one more attempt.
    """

    def __init__(
        self,
        database: Transactions,
        clock: Clock,
        push: Push,
        backoff: Backoff,
        last_resort: LastResort | None,
        capacity: Capacity,
    ) -> None:
        self._database = database
        self._clock = clock
        self._push = push
        self._backoff = backoff
        self._fast = replace(backoff, even=_EVEN)
        self._last_resort = last_resort
        self._wake = threading.Event()
        self._capacity = capacity
        self._stop_by: float | None = None
        self._outcomes: SimpleQueue[tuple[Row, Outcome]] = SimpleQueue()
        self._workers = Workers(self._deliver, self._note)
        self._dispatcher: threading.Thread | None = None
        # The dispatcher's own, touched by no other thread.
        self._busy: set[str] = set()
        self._unwritten: list[tuple[Row, Outcome]] = []

    def start(self) -> None:
        """Begin. The threads are daemons: one that waits must not hold up the process's end.

        Raises:
            ShortageError: there is no thread to begin with.
        """
        self._dispatcher = start_thread(self._dispatch, "queue")

    def stir(self) -> None:
        """Have the table looked at now: there is something new in it."""
        self._wake.set()

    def stop(self, grace: float) -> None:
        """Begin nothing new and give what is in hand ``grace`` seconds; the rest comes again."""
        self._stop_by = time.monotonic() + grace
        self._wake.set()
        if self._dispatcher:
            self._dispatcher.join(grace + _IDLE_SECONDS)

    def _dispatch(self) -> None:
        pause = 0.0
        while not self._ended():
            self._wake.wait(pause)
            self._wake.clear()
            pause = self._round()
        if self._busy:
            _log.warning("messages returned to the queue", extra={"count": len(self._busy)})
        self._workers.end()

    def _ended(self) -> bool:
        stop_by = self._stop_by
        return stop_by is not None and (not self._busy or time.monotonic() >= stop_by)

    def _round(self) -> float:
        """Write down what happened, hand out what is due; return how long to rest, in seconds."""
        while not self._outcomes.empty():
            self._unwritten.append(self._outcomes.get())
        try:
            pause = self._keep_books()
        except Exception:  # noqa: BLE001 - nothing is lost: it is tried again until it works
            _log.exception("queue not accessible")
            pause = _IDLE_SECONDS
        return min(pause, _IDLE_SECONDS, self._time_left())

    def _time_left(self) -> float:
        stop_by = self._stop_by
        return _IDLE_SECONDS if stop_by is None else max(0.0, stop_by - time.monotonic())

    def _keep_books(self) -> float:
        now = self._clock()
        still_busy = self._busy - {row.key for row, _ in self._unwritten}
        room, room_for_fast = self._room(still_busy), self._room_for_fast(still_busy)
        # After a power cut an older table is as good: what is handed out again is seen by its id.
        with self._database.transaction(durable=False) as table:
            for row, outcome in self._unwritten:
                self._settle(table, row, now, outcome)
            rows.mend(table, now, now + timedelta(seconds=self._backoff.longest))
            taken = rows.take_fast(table, still_busy, now, room_for_fast)
            busy = still_busy | {row.key for row in taken}
            taken += rows.take(table, busy, now, max(0, room - len(taken)))
            busy |= {row.key for row in taken}
            due = rows.next_due(table, busy)
        # Only now: had the transaction been undone, all of it would still have to be done.
        self._busy = busy
        self._unwritten.clear()
        self._workers.hand_out(taken, len(still_busy))
        return max(_PAUSE_SECONDS, (due - now).total_seconds()) if due else _IDLE_SECONDS

    def _room(self, busy: set[str]) -> int:
        if self._stop_by is not None:
            return 0
        return self._workers.limit(self._capacity.room(len(busy)), len(busy))

    def _room_for_fast(self, busy: set[str]) -> int:
        if self._stop_by is not None:
            return 0
        fast = sum(key.endswith(rows.FAST) for key in busy)
        return self._workers.limit(self._capacity.room_for_fast(fast), len(busy))

    def _settle(self, table: sqlite3.Connection, row: Row, now: datetime, outcome: Outcome) -> None:
        match outcome:
            case Outcome.ACKNOWLEDGED:
                rows.remove(table, row, now)
            case Outcome.RETURNED:
                rows.put_back(table, row)
            case Outcome.REFUSED:
                backoff = self._fast if row.key.endswith(rows.FAST) else self._backoff
                rows.postpone(table, row, now + backoff.after(row.refusals + 1))

    def _note(self, row: Row, outcome: Outcome) -> None:
        self._outcomes.put((row, outcome))
        self._wake.set()

    def _deliver(self, row: Row) -> bool:
        body = _body(row)
        last = self._last_resort
        if last and row.attempt > last.attempts:
            return _give_up(last, row, body, "no answer")
        status = self._push(body)
        if status in ACKNOWLEDGED:
            return True
        if last and row.attempt == last.attempts:
            return _give_up(last, row, body, f"status {status}")
        _log.info("message will be redelivered", extra={"status": status, **facts_of(row)})
        return False


def _give_up(last_resort: LastResort, row: Row, body: bytes, reason: str) -> bool:
    last_resort.give_up(body, reason)
    _log.error("message given up", extra={"reason": reason, **facts_of(row)})
    return True


def _body(row: Row) -> bytes:
    return push_body(
        row.data,
        row.attributes,
        ordering_key=row.key,
        message_id=str(row.number),
        publish_time=row.published_at,
        attempt=row.attempt,
        subscription=SUBSCRIPTION,
    )
