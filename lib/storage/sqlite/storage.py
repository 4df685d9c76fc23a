"""Where a standalone gateway keeps everything: one SQLite file."""

from dataclasses import replace
from datetime import datetime, timedelta

from lib.model import Catalogue
from lib.ports.clock import Clock
from lib.storage.catalogue.documents import catalogue_documents
from lib.storage.keeping import DEFAULT_KEEPING, Keeping
from lib.storage.retention import ends
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.documents import SqliteDocuments
from lib.storage.stores import ownership, stores_on
from lib.storage.stores.turns import is_sending


class SqliteStorage:
    """The stores on one file, and what its only process does at its start and now and then.

    Assistants and permissions are those of the catalogue, read once at start.

    On disk at once is what somebody acts on next: an answer about to be sent, and what was given
    up. After a power cut the rest may stand a step earlier, where a queued message comes again
    and a sent chunk is in doubt, as after any crash.
    """

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        clock: Clock,
        keeping: Keeping = DEFAULT_KEEPING,
        secret: bytes = b"",
    ) -> None:
        self.documents = SqliteDocuments(database, catalogue_documents(catalogue))
        self.stores = stores_on(self.documents, clock, keeping, secret)
        self._clock = clock
        self._keeping = keeping
        self._all_end = False

    def expire_leases(self, settling: timedelta) -> None:
        """End every lease: at the start of the only process, their holders are gone.

        A chunk that may have just been sent is left alone for as long as it takes to settle.
        """
        now = self._clock()
        for turn in self.stores.turns.at_work():
            if turn.lease_until > now:
                end = min(now + settling, turn.lease_until) if is_sending(turn) else now
                self.stores.turns.commit(replace(turn, lease_until=end))

    def sweep(self, now: datetime) -> int:
        """Delete what has expired; return how many documents that were.

        What an earlier version kept without an end is given one at first, counted from now.
        """
        deleted = self.documents.sweep(now, {} if self._all_end else ends(self._keeping, now))
        self._all_end = True
        return deleted

    def owner(self) -> tuple[str, str] | None:
        """Return the account and the number that the data belong to; None before it was said."""
        return ownership.owner(self.documents)

    def own(self, account: str, number: str) -> None:
        """Let the data belong to this account and number from now on."""
        ownership.own(account, number, self.documents)
