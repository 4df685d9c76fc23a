"""All stores behind the one store port."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from lib.model import NO_CHANGES, Changes, Conversation, DeadLetter, DeliveryReport, Turn
from lib.ports.clock import Clock
from lib.ports.documents import Documents, Key, Stored, Write
from lib.storage.keeping import DEFAULT_KEEPING, Keeping
from lib.storage.stores import counters, history, sessions
from lib.storage.stores.conversations import Conversations
from lib.storage.stores.dead_letters import DeadLetters
from lib.storage.stores.deliveries import Deliveries, sent_write
from lib.storage.stores.turns import Turns


class Store:
    """Implements the store port with the stores by noun, on any database of documents."""

    def __init__(
        self, documents: Documents, clock: Clock, keeping: Keeping = DEFAULT_KEEPING
    ) -> None:
        self.documents = documents
        self.turns = Turns(documents)
        self.conversations = Conversations(documents, clock)
        self.deliveries = Deliveries(documents, clock)
        self.dead_letters = DeadLetters(documents, clock, keeping)
        self._clock = clock
        self._keeping = keeping

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """See the port."""
        return self.turns.claim(turn)

    def commit(self, turn: Turn, changes: Changes = NO_CHANGES) -> Turn:
        """See the port."""
        return self.turns.commit(turn, tuple(self._writes(turn, changes)))

    def turn(self, turn_id: str) -> Turn | None:
        """See the port."""
        return self.turns.find(turn_id)

    def overdue(self, now: datetime, most: int) -> list[Turn]:
        """See the port."""
        return self.turns.overdue(now, most)

    def conversation(self, address: str, user_id: str, message_id: str = "") -> Conversation:
        """See the port."""
        return self.conversations.read(address, user_id, message_id)

    def count(self, name: str, expire_at: datetime) -> int:
        """See the port."""
        return counters.count(name, expire_at, self.documents)

    def owners(self, sids: Collection[str]) -> dict[str, str]:
        """See the port."""
        return self.deliveries.owners(sids)

    def record_delivery(self, report: DeliveryReport) -> DeliveryReport:
        """See the port."""
        return self.deliveries.record(report)

    def delivery(self, sid: str) -> DeliveryReport:
        """See the port."""
        return self.deliveries.find(sid)

    def await_report(self, sid: str, seconds: float) -> DeliveryReport:
        """See the port."""
        return self.deliveries.await_report(sid, seconds)

    def keep_letter(self, letter: DeadLetter) -> None:
        """See the port."""
        self.dead_letters.keep(letter)

    def letters(self, most: int) -> list[DeadLetter]:
        """See the port."""
        return self.dead_letters.newest(most)

    def letter(self, letter_id: str) -> DeadLetter | None:
        """See the port."""
        return self.dead_letters.find(letter_id)

    def check(self) -> None:
        """See the port."""
        self.documents.check()

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give every document in which something of a contact is kept."""
        yield from sessions.documents_of(contact, self.documents)
        yield from history.documents_of(contact, self.documents)
        for store in (self.turns, self.deliveries, self.dead_letters):
            yield from store.documents_of(contact)

    def _writes(self, turn: Turn, changes: Changes) -> Iterator[Write]:
        now = self._clock()
        if changes.former is not None:
            yield from sessions.archive_writes(changes.former)
        if changes.session is not None:
            yield sessions.session_write(changes.session)
        if changes.alias is not None:
            yield sessions.link_write(*changes.alias)
        for entry in changes.history:
            yield history.history_write(entry, self._keeping.end_of_history(now))
        for sid in changes.sent:
            yield sent_write(sid, turn, now)
        if changes.unreachable is not None:
            yield sessions.unreachable_write(*changes.unreachable)
        if changes.dead_letter is not None:
            yield self.dead_letters.write(replace(changes.dead_letter, contact=turn.contact))
