"""Which documents an erasure takes away: all of a person's, but what came after they asked."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lib.conversation.theirs import is_theirs
from lib.conversation.whose import Whose
from lib.errors import DocumentError, EnvelopeError
from lib.model import InboundMessage, Turn
from lib.model.erasure import Erasure
from lib.ports.clock import Clock
from lib.ports.documents import Documents, Key, Stored
from lib.queue.decode import decode
from lib.storage.stores import Stores
from lib.storage.stores.belongings import belongings
from lib.storage.stores.deliveries import DELIVERIES
from lib.storage.stores.sessions import CONTACTS, SESSIONS
from lib.storage.stores.turn_documents import read_turn
from lib.storage.stores.turns import TURNS, blank_write

PAGE = 50
"""Documents deleted at once."""


def erase_documents(
    erasure: Erasure,
    names: Sequence[str],
    stores: Stores,
    documents: Documents,
    clock: Clock,
    end: datetime,
) -> bool:
    """Erase what is kept of a person; whether there was time for all of it until ``end``."""
    page: list[tuple[Key, Stored]] = []
    for one in _of_person(erasure, names, stores, documents):
        page.append(one)
        if len(page) == PAGE:
            _erase(page, documents, erasure.at, clock())
            page = []
            if clock() > end:
                return False
    _erase(page, documents, erasure.at, clock())
    return True


def _of_person(
    erasure: Erasure, names: Sequence[str], stores: Stores, documents: Documents
) -> Iterator[tuple[Key, Stored]]:
    """Give everything that is to go, the sessions last: they say what else there is."""
    sessions: list[tuple[Key, Stored]] = []
    who = whose_erasure(erasure)
    for one in belongings(names, erasure.histories, stores):
        if who is not None and not is_theirs(*one, who, stores):
            continue
        if one[0].collection in {SESSIONS, CONTACTS}:
            sessions.append(one)  # all of them together, or none
        elif _is_to_go(*one, erasure, documents):
            yield one
    if not any(_is_newer_session(*one, erasure) for one in sessions):
        yield from sessions


def whose_erasure(erasure: Erasure) -> Whose | None:
    """Whose an erasure is; None where an earlier version wrote down only their names."""
    if not erasure.contacts:
        return None
    return Whose(
        names=frozenset(erasure.names),
        contacts=frozenset(erasure.contacts),
        histories=frozenset(erasure.histories),
        since={one.name: one.since for one in erasure.spans if one.since},
        until={one.name: one.until for one in erasure.spans if one.until},
    )


def _is_newer_session(key: Key, stored: Stored, erasure: Erasure) -> bool:
    """Whether the person is back: then the links lead to what is kept of them since."""
    return key.collection == SESSIONS and not _is_older(stored, "created_at", erasure)


def _is_to_go(key: Key, stored: Stored, erasure: Erasure, documents: Documents) -> bool:
    document = stored.document
    if key.collection == TURNS:
        return _is_turn_older(key, stored, erasure)
    if key.collection == DELIVERIES:
        owner = Key(TURNS, str(document.get("turn_id") or key.id))
        found = documents.read([owner]).get(owner)
        return found is None or _is_turn_older(owner, found, erasure)
    for field in ("at", "created_at", "before"):
        if field in document:
            return _is_older(stored, field, erasure)
    return True


def _is_turn_older(key: Key, stored: Stored, erasure: Erasure) -> bool:
    """Whether a turn is about a message that was sent before the person asked, or is none."""
    turn = _turn(key, stored)
    try:
        message = decode(turn.payload.encode(errors="replace")) if turn else None
    except EnvelopeError:
        message = None
    if isinstance(message, InboundMessage):
        return message.received_at <= erasure.before
    return turn is None or turn.created_at <= erasure.at


def _turn(key: Key, stored: Stored) -> Turn | None:
    try:
        return read_turn(key.id, *stored)
    except DocumentError:
        return None


def _is_older(stored: Stored, field: str, erasure: Erasure) -> bool:
    at = stored.document.get(field)
    return not isinstance(at, datetime) or at <= erasure.at


def _erase(
    page: Sequence[tuple[Key, Stored]], documents: Documents, at: datetime, now: datetime
) -> None:
    """Blank turns and delete the rest, what was reported of their chunks with them."""
    turns = [(key, _turn(key, stored)) for key, stored in page if key.collection == TURNS]
    reports = [Key(DELIVERIES, sid) for _, turn in turns if turn for sid in _sids(turn)]
    gone = [*reports, *(key for key, _ in page if key.collection != TURNS)]
    if gone:
        documents.delete(gone)
    if turns:
        documents.replace([blank_write(key.id, at, now) for key, _ in turns])


def _sids(turn: Turn) -> Iterator[str]:
    for chunk in turn.chunks:
        yield from filter(None, (chunk.sid, *chunk.copies))
