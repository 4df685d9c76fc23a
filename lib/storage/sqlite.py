"""The store of a standalone gateway: the same documents as in Firestore, in one SQLite table."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from lib.errors import StoreError, TurnTakenError
from lib.model import (
    NO_CHANGES,
    Catalogue,
    Changes,
    Conversation,
    DeadLetter,
    DeliveryReport,
    Permissions,
    Turn,
    TurnState,
    email_of,
)
from lib.ports import Clock
from lib.storage import documents
from lib.storage.table import Table, transaction

_FINAL = (TurnState.DELIVERED.value, TurnState.DEAD.value)


class SqliteStore:
    """Implements the store port. ``connect`` gives the calling thread's connection.

    Assistants and permissions are those of the catalogue, read once at start.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], catalogue: Catalogue, clock: Clock
    ) -> None:
        self._connect = connect
        self._catalogue = catalogue
        self._clock = clock

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """Create the turn unless it exists; see the port."""
        with self._transaction() as table:
            found = table.read(documents.TURNS, turn.id)
            if found is not None:
                body, revision = found
                return documents.read_turn(turn.id, body, str(revision)), False
            revision = table.write(documents.TURNS, turn.id, documents.turn_document(turn))
            return replace(turn, revision=str(revision)), True

    def commit(self, turn: Turn, changes: Changes = NO_CHANGES) -> Turn:
        """Replace the turn and write the changes with it; see the port."""
        with self._transaction() as table:
            found = table.read(documents.TURNS, turn.id)
            if found is None or str(found[1]) != turn.revision:
                raise TurnTakenError("the turn was moved by another worker")
            revision = table.write(documents.TURNS, turn.id, documents.turn_document(turn))
            self._write_changes(table, turn, changes)
            return replace(turn, revision=str(revision))

    def conversation(self, address: str, user_id: str) -> Conversation:
        """Read what is known of a person; see the port."""
        with self._transaction() as table:
            link = table.read(documents.CONTACTS, user_id) if user_id else None
            contact = documents.read_contact(link[0] if link else None, address)
            found = table.read(documents.SESSIONS, contact)
        return Conversation(
            contact=contact,
            session=documents.read_session(contact, found[0]) if found else None,
            permissions=self._catalogue.permissions.get(email_of(contact), Permissions()),
            assistants=self._catalogue.assistants,
            linked=link is not None,
        )

    def record_delivery(self, report: DeliveryReport) -> DeliveryReport:
        """Keep the report unless a later one is known; see the port."""
        with self._transaction() as table:
            found = table.read(documents.DELIVERIES, report.sid)
            known = found[0] if found else {}
            if documents.says_more(report, known):
                known |= documents.delivery_document(report, self._clock())
                table.write(documents.DELIVERIES, report.sid, known)
            return documents.read_delivery(report.sid, known)

    def bury(self, letter: DeadLetter) -> None:
        """Keep a dead letter; see the port."""
        with self._transaction() as table:
            _bury(table, letter)

    def check(self) -> None:
        """Return if the file can be read and written."""
        with self._transaction():
            pass

    def expire_leases(self) -> None:
        """End every lease now: at the start of the only process, their holders are gone."""
        now = self._clock()
        with self._transaction() as table:
            for turn_id, body in table.all(documents.TURNS):
                if body["state"] not in _FINAL and body["lease_until"] > now:
                    table.write(documents.TURNS, turn_id, {**body, "lease_until": now})

    def sweep(self, now: datetime) -> int:
        """Delete what has expired; return how many documents that were."""
        with self._transaction() as table:
            return table.delete_expired(now)

    def _write_changes(self, table: Table, turn: Turn, changes: Changes) -> None:
        session = changes.session
        if session is not None:
            table.merge(documents.SESSIONS, session.contact, documents.session_document(session))
        if changes.alias is not None:
            user_id, contact = changes.alias
            table.write(documents.CONTACTS, user_id, documents.contact_document(contact))
        for entry in changes.history:
            document = documents.history_document(entry)
            table.write(documents.MESSAGES, documents.history_id(entry), document)
        for sid in changes.sent:
            link = documents.sent_document(turn.id, self._clock())
            table.merge(documents.DELIVERIES, sid, link)
        if changes.dead_letter is not None:
            _bury(table, changes.dead_letter)

    @contextmanager
    def _transaction(self) -> Iterator[Table]:
        try:
            with transaction(self._connect()) as table:
                yield table
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the database failed: {type(error).__name__}") from error


def _bury(table: Table, letter: DeadLetter) -> None:
    table.write(documents.DEAD_LETTERS, letter.id, documents.letter_document(letter))
