"""The queue of a standalone gateway: a table in its SQLite file, drained by threads."""

import logging
import random
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from queue import SimpleQueue

from lib.errors import QueueError
from lib.model import InboundMessage
from lib.ports import Clock
from lib.queue import rows
from lib.queue.envelope import encode, push_body
from lib.queue.rows import Row

Push = Callable[[bytes], int]
"""Hands a push body over and returns the HTTP status of the answer."""

SUBSCRIPTION = "projects/local/subscriptions/whatsapp-inbound"
ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
"""The statuses that Pub/Sub takes as an acknowledgement (Pub/Sub, "Receive push messages")."""

_IDLE_SECONDS = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long a message waits after its n-th refusal, in seconds: doubled, with jitter."""

    first: float = 0.5
    longest: float = 60.0

    def after(self, attempt: int) -> timedelta:
        """Return the wait: between half and all of the doubled time."""
        full = min(self.longest, self.first * 2 ** min(attempt - 1, 30))
        return timedelta(seconds=full * random.uniform(0.5, 1.0))  # noqa: S311 - spread, no secret


class LocalQueue:
    """Publishes, and drains once started: in order for each key, redelivering what is refused.

    ``connect`` gives the calling thread's connection. A message is deleted when it was
    acknowledged and not before, so whatever was in hand when the process died comes again.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        clock: Clock,
        *,
        workers: int = 32,
        backoff: Backoff = Backoff(),
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._workers = workers
        self._backoff = backoff
        self._changed = threading.Condition()
        self._stirred = False
        self._stopping = False
        self._busy: set[str] = set()
        self._handed_out: SimpleQueue[Row] = SimpleQueue()

    def publish(self, message: InboundMessage) -> None:
        """Queue a message; it is on disk when this returns. See the port."""
        data, attributes = encode(message)
        try:
            rows.add(self._connect(), message.address, data, attributes, self._clock())
        except (sqlite3.Error, OSError) as error:
            raise QueueError(f"the database failed: {type(error).__name__}") from error
        self._stir()

    def depth(self) -> int:
        """How many messages are not acknowledged yet."""
        return rows.count(self._connect())

    def start(self, push: Push) -> None:
        """Drain on threads of its own until ``stop``."""
        self._thread("queue", self._dispatch)
        for number in range(self._workers):
            self._thread(f"worker-{number}", partial(self._work, push))

    def stop(self, grace: float = 5.0) -> None:
        """Begin nothing new and give what is in hand ``grace`` seconds; the rest comes again."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._busy, grace)
            if self._busy:
                _log.warning("messages handed back", extra={"count": len(self._busy)})

    def _thread(self, name: str, target: Callable[[], None]) -> None:
        # Daemons: a worker that waits for a slow assistant must not hold up the end.
        threading.Thread(target=target, name=name, daemon=True).start()

    def _dispatch(self) -> None:
        while not self._stopping:
            try:
                self._hand_out()
            except (sqlite3.Error, OSError) as error:
                _log.error("queue cannot be read", extra={"reason": type(error).__name__})
            self._rest()

    def _hand_out(self) -> None:
        with self._changed:
            busy = frozenset(self._busy)
        free = self._workers - len(busy)
        if free <= 0:
            return
        for row in rows.due(self._connect(), busy, self._clock(), free):
            with self._changed:
                if self._stopping:
                    return
                self._busy.add(row.key)
            self._handed_out.put(row)

    def _work(self, push: Push) -> None:
        while True:
            row = self._handed_out.get()
            try:
                self._deliver(row, push)
            except (sqlite3.Error, OSError) as error:
                _log.error("queue cannot be written", extra={"reason": type(error).__name__})
            finally:
                self._done(row.key)

    def _deliver(self, row: Row, push: Push) -> None:
        status = self._push(row, push)
        if status in ACKNOWLEDGED:
            rows.remove(self._connect(), row.number)
            return
        again = self._clock() + self._backoff.after(row.attempt)
        rows.postpone(self._connect(), row.number, row.attempt, again)
        _log.info("message comes again", extra={"status": status, "attempt": row.attempt})

    def _push(self, row: Row, push: Push) -> int:
        body = push_body(
            row.data,
            row.attributes,
            ordering_key=row.key,
            message_id=str(row.number),
            publish_time=row.published_at,
            attempt=row.attempt,
            subscription=SUBSCRIPTION,
        )
        try:
            return push(body)
        except Exception:  # noqa: BLE001 - whatever it is, the message comes again
            _log.exception("push failed")
            return 0

    def _done(self, key: str) -> None:
        with self._changed:
            self._busy.discard(key)
            self._stirred = True
            self._changed.notify_all()

    def _stir(self) -> None:
        with self._changed:
            self._stirred = True
            self._changed.notify_all()

    def _rest(self) -> None:
        """Wait for something to do; look by itself now and then, for retries that fall due."""
        with self._changed:
            if not self._stirred and not self._stopping:
                self._changed.wait(_IDLE_SECONDS)
            self._stirred = False
