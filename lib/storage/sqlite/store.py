"""The store of a standalone gateway: the same documents as in Firestore, in one SQLite table."""

import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from weakref import WeakValueDictionary

from lib.errors import DocumentError, StoreError, TurnTakenError
from lib.model import (
    NO_CHANGES,
    Catalogue,
    Changes,
    ChunkState,
    Conversation,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Turn,
    TurnState,
    strictest,
)
from lib.ports.clock import Clock
from lib.storage import documents
from lib.storage.changes import changed_documents
from lib.storage.documents import DEFAULT_KEEPING, Document, Keeping
from lib.storage.fields import text
from lib.storage.identity import emails_of, identify
from lib.storage.sqlite.database import Database, Statement
from lib.storage.sqlite.table import Table, creation, replacement
from lib.storage.unreadable import LOOKED_AT, Unreadable

_AT_WORK = (TurnState.THINKING.value, TurnState.ANSWERED.value)


class SqliteStore:
    """Implements the store port, on a database prepared with ``table.create``.

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
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._catalogue = catalogue
        self._clock = clock
        self._unreadable = Unreadable()
        self._all_end = False
        # Status callbacks arrive in the process that waits for them: nobody has to look again
        # and again. Whoever stops waiting is forgotten by itself.
        self._awaited: WeakValueDictionary[str, threading.Event] = WeakValueDictionary()

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """Create the turn unless it exists; see the port."""
        statement = creation((documents.TURNS, turn.id), documents.turn_document(turn))
        created = self._executed(statement)
        if created:
            return replace(turn, revision=str(created[0][0])), True
        known = self.turn(turn.id)
        if known is None:
            raise StoreError("the turn was there, and is no longer")
        return known, False

    def commit(self, turn: Turn, changes: Changes = NO_CHANGES) -> Turn:
        """Replace the turn and write the changes with it; see the port."""
        key = (documents.TURNS, turn.id)
        changed = changed_documents(turn, changes, self._clock(), self._keeping)
        statement = replacement(key, documents.turn_document(turn), turn.revision, changed)
        durable = _is_sending(turn) or changes.dead_letter is not None
        revisions = dict(self._executed(statement, durable=durable))
        if not revisions:
            raise TurnTakenError("the turn was moved by another worker")
        return replace(turn, revision=str(revisions[documents.TURNS]))

    def turn(self, turn_id: str) -> Turn | None:
        """Return a turn; see the port."""
        with self._reading() as table:
            found = table.read(documents.TURNS, turn_id)
        return found and documents.read_turn(turn_id, found[0], str(found[1]))

    def overdue(self, now: datetime, most: int) -> list[Turn]:
        """Return forgotten turns; see the port."""
        with self._reading() as table:
            found = islice(table.due(documents.TURNS, now), LOOKED_AT * most)
            return list(islice(self._unreadable.passed_over(documents.TURNS, found, _turn), most))

    def conversation(self, address: str, user_id: str, message_id: str = "") -> Conversation:
        """Read what is known of a person; see the port."""
        question = documents.question_keys(message_id)
        with self._reading() as table:
            person = identify(address, user_id, question, lambda keys: table.read_all([*keys]))
        kept = map(self._catalogue.permissions.get, emails_of(person.names))
        return Conversation(
            contact=person.contact,
            session=person.session,
            permissions=strictest(filter(None, kept)),
            assistants=self._catalogue.assistants,
            linked=(documents.CONTACTS, user_id) in person.found,
            repeated=any(key in person.found for key in question),
            names=person.names,
        )

    def record_delivery(self, report: DeliveryReport) -> DeliveryReport:
        """Keep the report unless a later one is known; see the port."""
        with self._writing() as table:
            known = _only(table, documents.DELIVERIES, report.sid)
            if documents.says_more(report, known):
                known |= documents.delivery_document(report, self._clock())
                table.write(documents.DELIVERIES, report.sid, known)
        kept = documents.read_delivery(report.sid, known)
        awaited = self._awaited.get(report.sid)
        if awaited is not None and kept.state is not DeliveryState.QUEUED:
            awaited.set()
        return kept

    def delivery(self, sid: str) -> DeliveryReport:
        """Return what is known of an outbound message; see the port."""
        with self._reading() as table:
            return documents.read_delivery(sid, _only(table, documents.DELIVERIES, sid))

    def await_report(self, sid: str, seconds: float) -> DeliveryReport:
        """Wait for a callback on an outbound message; see the port."""
        deadline = time.monotonic() + seconds
        arrived = self._awaited.setdefault(sid, threading.Event())
        known = self.delivery(sid)  # it may have arrived before it was awaited
        if known.state is DeliveryState.QUEUED and arrived.wait(deadline - time.monotonic()):
            known = self.delivery(sid)
        return known

    def owners(self, sids: Collection[str]) -> dict[str, str]:
        """Return the turns of provider ids; see the port."""
        with self._reading() as table:
            found = table.read_all([(documents.DELIVERIES, sid) for sid in sids])
        reports = [documents.read_delivery(sid, one) for (_, sid), one in found.items()]
        return {report.sid: report.turn_id for report in reports if report.turn_id}

    def count(self, name: str, expire_at: datetime) -> int:
        """Add one to a counter; see the port."""
        with self._writing() as table:
            counted = _only(table, documents.COUNTERS, name).get("value")
            value = (counted if isinstance(counted, int) else 0) + 1
            table.write(documents.COUNTERS, name, {"value": value, "expire_at": expire_at})
        return value

    def letters(self, most: int) -> list[DeadLetter]:
        """Return the newest dead letters; see the port."""
        with self._reading() as table:
            found = table.all(documents.DEAD_LETTERS)
        kept = [documents.read_letter(*one) for one in found]
        return sorted(kept, key=lambda letter: letter.at, reverse=True)[:most]

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a dead letter; see the port."""
        with self._reading() as table:
            found = table.read(documents.DEAD_LETTERS, letter_id)
        return documents.read_letter(letter_id, found[0]) if found else None

    def keep_letter(self, letter: DeadLetter) -> None:
        """Keep a dead letter; see the port."""
        end = self._keeping.end_of_letter(self._clock())
        with self._writing(durable=True) as table:
            table.write(documents.DEAD_LETTERS, letter.id, documents.letter_document(letter, end))

    def check(self) -> None:
        """Return if the file can be read and written."""
        with self._writing():
            pass

    def expire_leases(self, settling: timedelta) -> None:
        """End every lease: at the start of the only process, their holders are gone.

        A chunk that may have just been sent is left alone for as long as it takes to settle.
        """
        now = self._clock()
        with self._writing() as table:
            for turn_id, body in table.all(documents.TURNS):
                if body.get("state") in _AT_WORK:
                    self._expire_lease(table, turn_id, body, now, settling)

    def _expire_lease(
        self, table: Table, turn_id: str, body: Document, now: datetime, settling: timedelta
    ) -> None:
        try:
            turn = documents.read_turn(turn_id, body, "")
        except DocumentError as error:
            self._unreadable.tell(documents.TURNS, turn_id, error)
            return
        if turn.lease_until > now:
            end = min(now + settling, turn.lease_until) if _is_sending(turn) else now
            ended = documents.turn_document(replace(turn, lease_until=end))
            table.write(documents.TURNS, turn_id, ended)

    def sweep(self, now: datetime) -> int:
        """Delete what has expired; return how many documents that were.

        What an earlier version kept without an end is given one at first, counted from now.
        """
        keeping = self._keeping
        with self._writing() as table:
            if not self._all_end:
                table.end_at(documents.MESSAGES, keeping.end_of_history(now))
                table.end_at(documents.DEAD_LETTERS, keeping.end_of_letter(now))
            deleted = table.delete_expired(now)
        self._all_end = True
        return deleted

    def owner(self) -> tuple[str, str] | None:
        """Return the account and the number that the data belong to; None before it was said."""
        key = (documents.SETTINGS, "owner")
        with self._reading() as table:
            found = table.read_all([key]).get(key)
        return (text(found.get("account")), text(found.get("number"))) if found else None

    def own(self, account: str, number: str) -> None:
        """Let the data belong to this account and number from now on."""
        with self._writing(durable=True) as table:
            table.write(documents.SETTINGS, "owner", {"account": account, "number": number})

    def _executed(self, statement: Statement, *, durable: bool = False) -> list[Any]:
        with self._translated():
            return self._database.execute(statement, durable=durable)

    @contextmanager
    def _writing(self, *, durable: bool = False) -> Iterator[Table]:
        with self._translated(), self._database.transaction(durable=durable) as connection:
            yield Table(connection, self._unreadable)

    @contextmanager
    def _reading(self) -> Iterator[Table]:
        with self._translated(), self._database.reading() as connection:
            yield Table(connection, self._unreadable)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the database failed: {self._database.explain(error)}") from error


def _turn(turn_id: str, stored: tuple[Document, str]) -> Turn:
    return documents.read_turn(turn_id, *stored)


def _only(table: Table, collection: str, document_id: str) -> Document:
    """Return a document by itself; an empty one if there is none, or none that can be read."""
    return table.read_all([(collection, document_id)]).get((collection, document_id), {})


def _is_sending(turn: Turn) -> bool:
    return any(chunk.state is ChunkState.SENDING for chunk in turn.chunks)
