"""The queue of a standalone gateway: a table in its SQLite file, drained by threads."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from lib.backoff import DEFAULT_BACKOFF, Backoff, LastResort
from lib.errors import QueueError
from lib.model import QueueItem
from lib.ports.clock import Clock
from lib.queue import rows
from lib.queue.capacity import Capacity, affordable
from lib.queue.envelope import encode
from lib.queue.rows import Transactions
from lib.queue.subscriber import Push, Subscriber

MOST_IN_HAND = 256
"""Messages worked on at once by one process: nearly all of that is waiting for assistants."""


class LocalQueue:
    """Publishes, and drains once started: in order for each key, redelivering what is refused.

    The database must be prepared with ``rows.create``. ``workers`` is how many messages, each of
    another key, are in hand at most; each costs a thread while it is, and fewer are where the
    system allows few descriptors. Without ``last_resort`` a message comes again for ever.
    """

    def __init__(
        self,
        database: Transactions,
        clock: Clock,
        *,
        workers: int = MOST_IN_HAND,
        backoff: Backoff = DEFAULT_BACKOFF,
        last_resort: LastResort | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._backoff = backoff
        self._last_resort = last_resort
        self._capacity = Capacity(affordable(workers))
        self._subscriber: Subscriber | None = None

    def publish(self, message: QueueItem, *, fast: bool = False) -> None:
        """Queue a message; it is on disk when this returns. See the port."""
        data, attributes = encode(message, fast=fast)
        try:
            with self._capacity.accepting():
                key = message.address + rows.FAST if fast else message.address
                self._database.execute(rows.addition(key, data, attributes, self._clock()))
        except UnicodeError as error:
            raise QueueError("an address that is no text") from error
        except (sqlite3.Error, OSError) as error:
            raise QueueError(f"the database failed: {self._database.explain(error)}") from error
        if self._subscriber:
            self._subscriber.stir()

    def purge(
        self, addresses: Iterable[str], before: datetime, since: datetime | None = None
    ) -> None:
        """Delete what was queued for some addresses until then, and ``since`` then if it is given.

        Raises:
            QueueError: some may be left.
        """
        keys = [key for one in addresses for key in (one, one + rows.FAST)]
        try:
            with self._database.transaction() as table:
                rows.purge(table, keys, before, since)
        except (sqlite3.Error, OSError) as error:
            raise QueueError(f"the database failed: {self._database.explain(error)}") from error
        if self._subscriber:
            self._subscriber.stir()

    def depth(self) -> int:
        """How many messages are not acknowledged yet."""
        with self._database.reading() as table:
            return rows.count(table)

    def start(self, push: Push) -> None:
        """Push on threads of its own until ``stop``; no other process may take from this table."""
        if self._subscriber:
            raise RuntimeError("the queue is being drained already")
        subscriber = Subscriber(
            self._database,
            self._clock,
            push,
            self._backoff,
            self._last_resort,
            self._capacity,
        )
        subscriber.start()
        self._subscriber = subscriber

    def stop(self, grace: float = 5.0) -> None:
        """Begin nothing new and give what is in hand ``grace`` seconds; the rest comes again."""
        subscriber, self._subscriber = self._subscriber, None
        if subscriber:
            subscriber.stop(grace)
