"""Turns as documents of ``whatsapp_turns``, and back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from lib.errors import DocumentError, NewerDocumentError
from lib.model import SETTLED, Chunk, ChunkState, Turn, TurnState
from lib.ports.documents import Document
from lib.storage.fields import text, time, time_if_any
from lib.storage.keeping import KEPT_FOR

OVERDUE_AFTER = timedelta(seconds=60)
"""How long after its lease a turn counts as forgotten: the queue is to bring it before that."""

PARKED_FOR = timedelta(days=7)
"""How long an answer waits for its person to write before it becomes a dead letter."""

S = TypeVar("S", bound=StrEnum)


def turn_document(turn: Turn) -> Document:
    """A document of ``whatsapp_turns``; its id is the turn's."""
    return {
        "contact": turn.contact,
        "address": turn.address,
        "state": turn.state.value,
        "attempt": turn.attempt,
        "lease_until": turn.lease_until,
        "created_at": turn.created_at,
        "expire_at": _expire_at(turn),
        "chunks": [_chunk_document(chunk) for chunk in turn.chunks],
        "payload": turn.payload,
        "nudged_until": turn.nudged_until,
        "overdue_at": _overdue_at(turn),
        "apologised": turn.apologised,
    }


def read_turn(turn_id: str, document: Mapping[str, Any], revision: str) -> Turn:
    """The turn of an id, as of a revision.

    Raises:
        DocumentError: it is none; guessing where it stands could answer somebody twice.
        NewerDocumentError: it stands where only a newer version knows what to do.
    """
    created = time(document.get("created_at"))
    try:
        return Turn(
            id=turn_id,
            contact=text(document.get("contact")),
            address=text(document.get("address")),
            state=_member(TurnState, document["state"]),
            attempt=int(document.get("attempt", 1)),
            lease_until=time(document.get("lease_until"), created),
            created_at=created,
            chunks=tuple(_chunk(chunk) for chunk in document.get("chunks", ())),
            payload=text(document.get("payload")),
            nudged_until=time_if_any(document.get("nudged_until")),
            apologised=document.get("apologised") is True,
            revision=revision,
        )
    except NewerDocumentError as error:
        raise NewerDocumentError(f"turn {turn_id} is of a newer version: {error}") from None
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise DocumentError(f"turn {turn_id} cannot be read: {type(error).__name__}") from error


def _expire_at(turn: Turn) -> datetime | None:
    """When the turn may be deleted; None, which deletes nothing, while it is owed anything."""
    return turn.created_at + KEPT_FOR if turn.state in SETTLED else None


def _overdue_at(turn: Turn) -> datetime | None:
    """When somebody should look after the turn; None, which no query finds, if never."""
    if turn.state in SETTLED:
        return None
    if turn.state is TurnState.PARKED:
        return turn.created_at + PARKED_FOR
    overdue = turn.lease_until + OVERDUE_AFTER
    return max(overdue, turn.nudged_until) if turn.nudged_until else overdue


def _member(kind: type[S], value: Any) -> S:
    if not isinstance(value, str) or not value:
        raise TypeError
    try:
        return kind(value)
    except ValueError:
        raise NewerDocumentError(f"a {kind.__name__} that is not known here") from None


def _chunk_document(chunk: Chunk) -> Document:
    return {
        "text": chunk.text,
        "state": chunk.state.value,
        "sid": chunk.sid,
        "opened_at": chunk.opened_at,
        "failures": chunk.failures,
        "copies": list(chunk.copies),
    }


def _chunk(document: Mapping[str, Any]) -> Chunk:
    return Chunk(
        text=text(document.get("text")),
        state=_member(ChunkState, document.get("state", ChunkState.WAITING)),
        sid=text(document.get("sid")),
        opened_at=time_if_any(document.get("opened_at")),
        failures=int(document.get("failures", 0)),
        copies=tuple(map(text, document.get("copies") or ())),
    )
