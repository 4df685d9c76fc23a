"""Turns: claimed once, and moved only by who knows their newest version."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from lib.errors import StoreError, TurnTakenError
from lib.model import ChunkState, Feedback, Turn, TurnState
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Until, Write
from lib.storage.keeping import KEPT_FOR
from lib.storage.stores.dead_letters import DEAD_LETTERS
from lib.storage.stores.turn_documents import (
    RUNNING,
    feedback_document,
    read_turn,
    turn_document,
)
from lib.storage.unreadable import LOOKED_AT, Unreadable

TURNS = "whatsapp_turns"

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_AT_WORK = (TurnState.THINKING.value, TurnState.ANSWERED.value)


class Turns:
    """The store of turns."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._unreadable = Unreadable()

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        """Create the turn unless its id exists; return what is stored, and whether it is ours.

        Atomic: of any number of simultaneous claims of one id exactly one gets True.

        Raises:
            DocumentError: what is stored is no turn that can be read.
        """
        stored, ours = self._documents.create(_key(turn.id), turn_document(turn))
        if stored is None:
            raise StoreError("the turn was there, and is no longer")
        if ours:
            return replace(turn, revision=stored.revision), True
        return read_turn(turn.id, *stored), False

    def commit(self, turn: Turn, writes: Sequence[Write] = ()) -> Turn:
        """Write the turn and what is kept with it, all or nothing, in one round trip.

        Returns the turn with its new revision.

        Raises:
            TurnTakenError: the stored turn is no longer the one ``turn.revision`` names.
            StoreError: it is, but what is kept with it is about a session that is no more.
        """
        stored, ours = self._documents.write_if(
            _key(turn.id),
            turn_document(turn),
            turn.revision,
            writes,
            # An answer about to be sent, and what was given up: nobody says it a second time.
            durable=is_sending(turn) or any(one.key.collection == DEAD_LETTERS for one in writes),
        )
        if stored is not None and not ours and stored.revision == turn.revision:
            raise StoreError("what was read of the person is gone")
        if stored is None or not ours:
            raise TurnTakenError("the turn was moved by another worker")
        return replace(turn, revision=stored.revision)

    def find(self, turn_id: str) -> Turn | None:
        """Return a turn as it is stored.

        Raises:
            DocumentError: it cannot be read.
        """
        key = _key(turn_id)
        stored = self._documents.read([key]).get(key)
        return stored and read_turn(turn_id, *stored)

    def overdue(self, now: datetime, most: int) -> list[Turn]:
        """Return turns that somebody should be working on and nobody is, oldest first."""
        found = self._documents.query(TURNS, Until("overdue_at", now), most)
        turns = self._unreadable.passed_over(islice(found, LOOKED_AT * most), _read)
        return list(islice(turns, most))

    def at_work(self) -> Iterator[Turn]:
        """Give the turns that somebody is working on, or was when the process ended.

        None of them is settled, and those alone are looked at, however many are kept.
        """
        found = self._documents.query(TURNS, Until("overdue_at", _NEVER))
        return self._unreadable.passed_over(
            (one for one in found if one[1].document.get("state") in _AT_WORK), _read
        )

    def running(self, address: str, most: int) -> list[Turn]:
        """Return the turns of messages from an address that are being answered, so many at most."""
        # One field for address and state: two would need an index of their own, or all turns read.
        found = self._documents.query(TURNS, Equal("running", address), most)
        turns = self._unreadable.passed_over(islice(found, LOOKED_AT * most), _read)
        # The version before moves a turn on and leaves the field as it was.
        return list(islice((turn for turn in turns if turn.state in RUNNING), most))

    def is_stopping(self, message_id: str) -> bool:
        """Whether any turn was stopped by this message."""
        return any(True for _ in self._documents.query(TURNS, Equal("stopped_by", message_id), 1))

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give the turns of a contact, also those not yet known to be theirs but by address."""
        yield from self._documents.query(TURNS, Equal("contact", contact))
        for key, stored in self._documents.query(TURNS, Equal("address", contact)):
            if stored.document.get("contact") != contact:
                yield key, stored


def turn_write(turn: Turn) -> Write:
    """What keeps a turn beside another one that is committed: on no condition of its own."""
    return Write(_key(turn.id), turn_document(turn))


def feedback_write(turn_id: str, feedback: Feedback) -> Write:
    """What keeps the feedback on the answer of a turn that stays, and nothing else of it.

    It is a new version of the turn: a worker that has the turn in hand is refused its next
    commit, and takes it up anew.
    """
    return Write(_key(turn_id), {"feedback": feedback_document(feedback)})


def blank_write(turn_id: str, at: datetime, now: datetime) -> Write:
    """What is left of the turn of somebody who is forgotten: that its message was dealt with.

    A message that is queued a second time finds it, and nothing is said to it.
    """
    document: Document = {
        "state": TurnState.DELIVERED.value,
        "created_at": at,
        "expire_at": now + KEPT_FOR,
    }
    return Write(_key(turn_id), document)


def stays(turn: Turn, now: datetime) -> bool:
    """Whether a stored turn is there for another minute.

    Whatever were written to one that was deleted would be kept for ever.
    """
    return now < turn.created_at + KEPT_FOR - timedelta(minutes=1)


def is_sending(turn: Turn) -> bool:
    """Whether a chunk is being sent, or in doubt."""
    return any(chunk.state is ChunkState.SENDING for chunk in turn.chunks)


def _key(turn_id: str) -> Key:
    return Key(TURNS, turn_id)


def _read(key: Key, stored: Stored) -> Turn:
    return read_turn(key.id, *stored)
