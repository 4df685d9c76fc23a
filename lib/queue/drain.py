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
from datetime import datetime, timedelta
from queue import SimpleQueue

from lib.ports import Clock
from lib.queue import rows
from lib.queue.capacity import Capacity
from lib.queue.envelope import push_body
from lib.queue.redelivery import Backoff, LastResort
from lib.queue.rows import Row, Transactions

Push = Callable[[bytes], int]
"""Hands a push body over and returns the HTTP status of the answer."""

SUBSCRIPTION = "projects/local/subscriptions/whatsapp-inbound"
ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
"""The statuses that Pub/Sub takes as an acknowledgement (Pub/Sub, "Receive push messages")."""

# How soon it is asked again whether there is room for more.
_PAUSE_SECONDS = 0.005
# How soon a message is found that another process published.
_IDLE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Drain:
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
        self._last_resort = last_resort
        self._wake = threading.Event()
        self._capacity = capacity
        self._stop_by: float | None = None
        self._handed_out: SimpleQueue[Row | None] = SimpleQueue()
        self._outcomes: SimpleQueue[tuple[Row, bool]] = SimpleQueue()
        self._dispatcher = threading.Thread(target=self._dispatch, name="queue", daemon=True)
        # The dispatcher's own, touched by no other thread.
        self._threads = 0
        self._busy: set[str] = set()
        self._unwritten: list[tuple[Row, bool]] = []

    def start(self) -> None:
        """Begin. The threads are daemons: one that waits must not hold up the process's end."""
        self._dispatcher.start()

    def stir(self) -> None:
        """Have the table looked at now: there is something new in it."""
        self._wake.set()

    def stop(self, grace: float) -> None:
        """Begin nothing new and give what is in hand ``grace`` seconds; the rest comes again."""
        self._stop_by = time.monotonic() + grace
        self._wake.set()
        self._dispatcher.join(grace + _IDLE_SECONDS)

    def _dispatch(self) -> None:
        pause = 0.0
        while not self._ended():
            self._wake.wait(pause)
            self._wake.clear()
            pause = self._round()
        if self._busy:
            _log.warning("messages handed back", extra={"count": len(self._busy)})
        for _ in range(self._threads):
            self._handed_out.put(None)

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
        room = 0 if self._stop_by is not None else self._capacity.room(len(still_busy))
        # After a power cut an older table is as good: what is handed out again is seen by its id.
        with self._database.transaction(durable=False) as table:
            for row, acknowledged in self._unwritten:
                self._settle(table, row, now, acknowledged=acknowledged)
            rows.mend(table, now, now + timedelta(seconds=self._backoff.longest))
            taken = rows.take(table, still_busy, now, room)
            busy = still_busy | {row.key for row in taken}
            due = rows.next_due(table, busy)
        # Only now: had the transaction been undone, all of it would still have to be done.
        self._busy = busy
        self._unwritten.clear()
        self._staff(len(busy))
        for row in taken:
            self._handed_out.put(row)
        return max(_PAUSE_SECONDS, (due - now).total_seconds()) if due else _IDLE_SECONDS

    def _staff(self, wanted: int) -> None:
        """Have a thread for each message in hand."""
        while self._threads < wanted:
            name = f"queue-{self._threads}"
            threading.Thread(target=self._work, name=name, daemon=True).start()
            self._threads += 1

    def _settle(
        self, table: sqlite3.Connection, row: Row, now: datetime, *, acknowledged: bool
    ) -> None:
        if acknowledged:
            rows.remove(table, row, now)
        else:
            rows.postpone(table, row, now + self._backoff.after(row.refusals + 1))

    def _work(self) -> None:
        while (row := self._handed_out.get()) is not None:
            try:
                acknowledged = self._deliver(row)
            except Exception:  # noqa: BLE001 - whatever it is, the message comes again
                _log.exception("push failed", extra=_facts(row))
                acknowledged = False
            self._outcomes.put((row, acknowledged))
            self._wake.set()

    def _deliver(self, row: Row) -> bool:
        body = _body(row)
        last = self._last_resort
        if last and row.attempt > last.attempts:
            return _bury(last, row, body, "no answer")
        status = self._push(body)
        if status in ACKNOWLEDGED:
            return True
        if last and row.attempt == last.attempts:
            return _bury(last, row, body, f"status {status}")
        _log.info("message comes again", extra={"status": status, **_facts(row)})
        return False


def _bury(last_resort: LastResort, row: Row, body: bytes, reason: str) -> bool:
    last_resort.bury(body, reason)
    _log.error("message given up", extra={"reason": reason, **_facts(row)})
    return True


def _facts(row: Row) -> dict[str, str | int]:
    return {"attempt": row.attempt, "trace_id": row.attributes.get("trace_id", "")}


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
