"""The store of a distributed gateway: Firestore."""

import threading
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from lib.errors import StoreError, TurnTakenError
from lib.model import (
    NO_CHANGES,
    Assistant,
    Catalogue,
    Changes,
    Conversation,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Turn,
    strictest,
)
from lib.ports.clock import Clock
from lib.storage import documents
from lib.storage.catalogue import documents as directory
from lib.storage.catalogue.cached import Cached
from lib.storage.changes import changed_documents
from lib.storage.documents import DEFAULT_KEEPING, Document, Keeping, Key
from lib.storage.fields import text
from lib.storage.identity import identify
from lib.storage.unreadable import LOOKED_AT, Unreadable

if TYPE_CHECKING:
    from lib.storage.firestore.documents import FirestoreDocuments

ASSISTANTS_FRESH = timedelta(seconds=60)
"""How long a change of ``assistants`` may take to be noticed."""

ASSISTANTS_USABLE = timedelta(minutes=10)
"""How long the assistants last read serve while they cannot be read again."""

# Of the reports on one message at most one for each state and once more with a reason can
# overtake this one, and the link to the turn.
_MOST_TRIES = 12


class FirestoreStore:
    """Implements the store port. ``timeout`` is the seconds of each request, with its retries.

    No transactions: a lock held by a reader makes others wait for seconds. Every conditional
    write names the version it was made from instead. FIRESTORE_EMULATOR_HOST is obeyed by
    Google's client itself.
    """

    def __init__(
        self,
        project: str,
        clock: Clock,
        *,
        database: str = "(default)",
        timeout: float = 10.0,
        keeping: Keeping = DEFAULT_KEEPING,
    ) -> None:
        self._keeping = keeping
        self._project = project
        self._clock = clock
        self._database = database
        self._timeout = timeout
        self._unreadable = Unreadable()
        self._lock = threading.Lock()
        self._connected: FirestoreDocuments | None = None
        self._assistants = Cached(
            self._read_assistants, clock, fresh=ASSISTANTS_FRESH, usable=ASSISTANTS_USABLE
        )

    def load(self) -> None:
        """Load Google's client, which the first request otherwise waits for."""
        self._documents()

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """Create the turn unless it exists; see the port."""
        key = (documents.TURNS, turn.id)
        stored, ours = self._documents().write(key, documents.turn_document(turn), None)
        if stored is None:
            raise StoreError("the turn was there, and is no longer")
        if ours:
            return replace(turn, revision=stored.revision), True
        return documents.read_turn(turn.id, *stored), False

    def commit(self, turn: Turn, changes: Changes = NO_CHANGES) -> Turn:
        """Replace the turn and write the changes with it; see the port."""
        stored, ours = self._documents().write(
            (documents.TURNS, turn.id),
            documents.turn_document(turn),
            turn.revision,
            changed_documents(turn, changes, self._clock(), self._keeping),
        )
        if stored is None or not ours:
            raise TurnTakenError("the turn was moved by another worker")
        return replace(turn, revision=stored.revision)

    def turn(self, turn_id: str) -> Turn | None:
        """Return a turn; see the port."""
        key = (documents.TURNS, turn_id)
        stored = self._documents().read([key]).get(key)
        return stored and documents.read_turn(turn_id, *stored)

    def overdue(self, now: datetime, most: int) -> list[Turn]:
        """Return forgotten turns; see the port."""
        found = self._documents().until(documents.TURNS, "overdue_at", now, most)
        turns = self._unreadable.passed_over(
            documents.TURNS,
            islice(found, LOOKED_AT * most),
            lambda key, stored: documents.read_turn(key, *stored),
        )
        return list(islice(turns, most))

    def conversation(self, address: str, user_id: str, message_id: str = "") -> Conversation:
        """Read what is known of a person; see the port.

        One round trip, and a second one seldom; see ``identify``.
        """
        assistants = self._assistants.begin()
        question = documents.question_keys(message_id)
        person = identify(address, user_id, question, self._read)
        permissions = [
            directory.read_permissions(document)
            for (collection, _), document in person.found.items()
            if collection == directory.PERMISSIONS
        ]
        return Conversation(
            contact=person.contact,
            session=person.session,
            permissions=strictest(permissions),
            assistants=assistants.result(),
            linked=(documents.CONTACTS, user_id) in person.found,
            repeated=any(key in person.found for key in question),
            names=person.names,
        )

    def record_delivery(self, report: DeliveryReport) -> DeliveryReport:
        """Keep the report unless a later one is known; see the port."""
        key = (documents.DELIVERIES, report.sid)
        stored = self._documents().read([key]).get(key)
        for _ in range(_MOST_TRIES):
            known = stored.document if stored else {}
            if not documents.says_more(report, known):
                return documents.read_delivery(report.sid, known)
            news = documents.delivery_document(report, self._clock())
            revision = stored.revision if stored else None
            stored, ours = self._documents().write(key, news, revision)
            if ours:
                return documents.read_delivery(report.sid, {**known, **news})
        raise StoreError("too many reports on one message at once")

    def delivery(self, sid: str) -> DeliveryReport:
        """Return what is known of an outbound message; see the port."""
        key = (documents.DELIVERIES, sid)
        stored = self._documents().read([key]).get(key)
        return documents.read_delivery(sid, stored.document if stored else {})

    def await_report(self, sid: str, seconds: float) -> DeliveryReport:
        """Watch for the report on an outbound message; see the port."""
        known = documents.read_delivery(sid, {})
        versions = self._documents().follow((documents.DELIVERIES, sid), seconds)
        try:
            with closing(versions):
                for version in versions:
                    known = documents.read_delivery(sid, version)
                    if known.state is not DeliveryState.QUEUED:
                        break
        except StoreError:
            return self.delivery(sid)  # the time is over, and the stream may have missed it
        return known

    def owners(self, sids: Collection[str]) -> dict[str, str]:
        """Return the turns of provider ids; see the port."""
        found = self._documents().read([(documents.DELIVERIES, sid) for sid in sids])
        turns = {key[1]: text(stored.document.get("turn_id")) for key, stored in found.items()}
        return {sid: turn_id for sid, turn_id in turns.items() if turn_id}

    def count(self, name: str, expire_at: datetime) -> int:
        """Add one to a counter; see the port."""
        key = (documents.COUNTERS, name)
        return self._documents().increment(key, "value", {"expire_at": expire_at})

    def letters(self, most: int) -> list[DeadLetter]:
        """Return the newest dead letters; see the port."""
        found = self._documents().newest(documents.DEAD_LETTERS, "at", most)
        return [documents.read_letter(key, stored.document) for key, stored in found]

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a dead letter; see the port."""
        key = (documents.DEAD_LETTERS, letter_id)
        stored = self._documents().read([key]).get(key)
        return stored and documents.read_letter(letter_id, stored.document)

    def keep_letter(self, letter: DeadLetter) -> None:
        """Keep a dead letter; see the port."""
        key = (documents.DEAD_LETTERS, letter.id)
        end = self._keeping.end_of_letter(self._clock())
        self._documents().replace({key: documents.letter_document(letter, end)})

    def check(self) -> None:
        """Return if Firestore answers a read."""
        self._documents().read([(documents.TURNS, "check")])

    def load_catalogue(self, catalogue: Catalogue) -> None:
        """Create or replace the catalogue's assistants and permissions; delete no others."""
        assistants: dict[Key, Document] = {
            (directory.ASSISTANTS, one.id): directory.assistant_document(one)
            for one in catalogue.assistants
        }
        permissions: dict[Key, Document] = {
            (directory.PERMISSIONS, email): directory.permissions_document(one)
            for email, one in catalogue.permissions.items()
        }
        self._documents().replace({**assistants, **permissions})

    def _read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        return {key: one.document for key, one in self._documents().read(keys).items()}

    def _read_assistants(self) -> tuple[Assistant, ...]:
        found = self._documents().all(directory.ASSISTANTS)
        return tuple(directory.read_assistant(*one) for one in found.items())

    def _documents(self) -> "FirestoreDocuments":
        with self._lock:
            if self._connected is None:
                # Google's client takes a quarter of a second to load, and must not be made
                # before the server has forked.
                from lib.storage.firestore.documents import FirestoreDocuments  # noqa: PLC0415

                self._connected = FirestoreDocuments(self._project, self._database, self._timeout)
            return self._connected
