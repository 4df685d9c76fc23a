"""Model values as the documents that both stores keep, and back.

The names are those of the collections and fields in Firestore. Reading is lenient: documents
written before a field existed, or by others with fields of their own, keep working.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from lib.errors import DocumentError, NewerDocumentError
from lib.model import (
    SETTLED,
    Chunk,
    ChunkState,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Exchange,
    FailureCause,
    HistoryEntry,
    Role,
    Session,
    Turn,
    TurnState,
    Usage,
    email_of,
)
from lib.storage.fields import text, time

SESSIONS = "whatsapp_sessions"
TURNS = "whatsapp_turns"
CONTACTS = "whatsapp_contacts"
DELIVERIES = "whatsapp_deliveries"
MESSAGES = "messages"
DEAD_LETTERS = "dead_letters"
COUNTERS = "whatsapp_counters"
SETTINGS = "whatsapp_settings"

KEPT_FOR = timedelta(days=7)
"""How long turns and delivery states are of use: longer than any redelivery or callback."""

OVERDUE_AFTER = timedelta(seconds=60)
"""How long after its lease a turn counts as forgotten: the queue is to bring it before that."""

PARKED_FOR = timedelta(days=7)
"""How long an answer waits for its person to write before it becomes a dead letter."""

S = TypeVar("S", bound=StrEnum)
Document = dict[str, Any]
Key = tuple[str, str]
"""A collection and the id of a document in it."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days chat history and dead letters are kept; 0 means for ever."""

    history: int = 365
    letters: int = 90

    def end_of_history(self, at: datetime) -> datetime | None:
        """When an entry of chat history is to be forgotten; None if never."""
        return _end(at, self.history)

    def end_of_letter(self, at: datetime) -> datetime | None:
        """When a dead letter is to be forgotten; None if never."""
        return _end(at, self.letters)


DEFAULT_KEEPING = Keeping()


def session_document(session: Session) -> Document:
    """A document of ``whatsapp_sessions``; its id is the contact."""
    return {
        "phone_number": session.phone_number,
        "assistant_id": session.assistant_id,
        "session_id": session.id,
        "user_email": session.user_email,
        "display_name": session.display_name,
        "created_at": session.created_at,
        "last_active": session.last_active,
        "recent": [{"question": p.question, "answer": p.answer} for p in session.recent],
        "parked": list(session.parked),
        "unreachable": session.unreachable,
        "usage": _usage_document(session.usage),
        "opted_out_at": session.opted_out_at,
        "wrote_at": session.wrote_at,
    }


def read_session(contact: str, document: Mapping[str, Any]) -> Session:
    """The session of a contact."""
    created = time(document.get("created_at"))
    recent = document.get("recent")
    return Session(
        contact=contact,
        phone_number=text(document.get("phone_number")),
        assistant_id=text(document.get("assistant_id")),
        display_name=text(document.get("display_name")),
        created_at=created,
        last_active=time(document.get("last_active"), created),
        recent=tuple(_exchanges(recent) if isinstance(recent, list) else ()),
        parked=_texts(document.get("parked")),
        unreachable=text(document.get("unreachable")),
        usage=_usage(document.get("usage")),
        opted_out_at=_moment(document.get("opted_out_at")),
        wrote_at=_moment(document.get("wrote_at")),
    )


def contact_document(contact: str) -> Document:
    """A document of ``whatsapp_contacts``; its id is the business-scoped id."""
    return {"contact": contact}


def read_contact(document: Mapping[str, Any] | None, address: str) -> str:
    """The contact behind an address, by the document of its business-scoped id if there is one."""
    return text((document or {}).get("contact")) or address


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
            nudged_until=_moment(document.get("nudged_until")),
            apologised=document.get("apologised") is True,
            revision=revision,
        )
    except NewerDocumentError as error:
        raise NewerDocumentError(f"turn {turn_id} is of a newer version: {error}") from None
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise DocumentError(f"turn {turn_id} cannot be read: {type(error).__name__}") from error


def history_id(entry: HistoryEntry) -> str:
    """The id under which an entry is kept: writing it again changes nothing."""
    return f"{entry.message_id}-{entry.role.value}"


def question_keys(message_id: str) -> list[Key]:
    """Where history keeps what a person said in a message; nowhere, if none is named."""
    return [(MESSAGES, f"{message_id}-{Role.USER.value}")] if message_id else []


def history_document(entry: HistoryEntry, expire_at: datetime | None = None) -> Document:
    """A document of ``messages``."""
    return {
        "message_id": entry.message_id,
        "session_id": f"whatsapp-{entry.contact}",
        "user_email": email_of(entry.contact),
        "assistant_id": entry.assistant_id,
        "role": entry.role.value,
        "kind": entry.kind,
        "content": entry.text,
        "thinking": entry.thinking,
        "source": entry.source,
        "trace_id": entry.trace_id,
        "created_at": entry.at,
        "expire_at": expire_at,
    }


def sent_document(turn_id: str, now: datetime) -> Document:
    """What a document of ``whatsapp_deliveries`` says once its chunk was sent."""
    return {"turn_id": turn_id, "expire_at": now + KEPT_FOR}


def delivery_document(report: DeliveryReport, now: datetime) -> Document:
    """What a document of ``whatsapp_deliveries`` says once something was reported."""
    return {
        "state": report.state.value,
        "error_code": report.error_code,
        "cause": report.cause.value if report.cause else "",
        "explanation": report.explanation,
        "updated_at": now,
        "expire_at": now + KEPT_FOR,
    }


def read_delivery(sid: str, document: Mapping[str, Any]) -> DeliveryReport:
    """What is known of an outbound message; queued if nothing was reported yet.

    A state that only a newer version knows is taken for sent: nothing is sent again for it.
    """
    state, cause = text(document.get("state")), document.get("cause")
    unknown = DeliveryState.SENT if state else DeliveryState.QUEUED
    return DeliveryReport(
        sid=sid,
        state=DeliveryState(state) if state in list(DeliveryState) else unknown,
        error_code=text(document.get("error_code")),
        turn_id=text(document.get("turn_id")),
        cause=FailureCause(cause) if cause in list(FailureCause) else None,
        explanation=text(document.get("explanation")),
    )


def says_more(report: DeliveryReport, document: Mapping[str, Any]) -> bool:
    """Whether a report says more than is known: further on, or the same with its reason."""
    state = text(document.get("state"))
    if state and state not in list(DeliveryState):
        return False
    known = read_delivery(report.sid, document)
    new = (report.state.rank, bool(report.error_code))
    return not state or new > (known.state.rank, bool(known.error_code))


def letter_document(letter: DeadLetter, expire_at: datetime | None = None) -> Document:
    """A document of ``dead_letters``."""
    return {
        "reason": letter.reason,
        "payload": letter.payload,
        "trace_id": letter.trace_id,
        "at": letter.at,
        "replayed_at": letter.replayed_at,
        "expire_at": expire_at,
    }


def read_letter(letter_id: str, document: Mapping[str, Any]) -> DeadLetter:
    """A dead letter as it is kept."""
    return DeadLetter(
        id=letter_id,
        reason=text(document.get("reason")),
        payload=text(document.get("payload")),
        at=time(document.get("at")),
        trace_id=text(document.get("trace_id")),
        replayed_at=_moment(document.get("replayed_at")),
    )


def unreachable_document(code: str) -> Document:
    """What a session says once its contact cannot be reached."""
    return {"unreachable": code}


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


def _usage_document(usage: Usage) -> Document:
    return {
        "tokens": usage.tokens,
        "counted_at": usage.counted_at,
        "warned": usage.warned,
        "day": usage.day,
        "asked": usage.asked,
    }


def _usage(document: Any) -> Usage:
    if not isinstance(document, Mapping):
        return Usage()
    tokens, asked = document.get("tokens"), document.get("asked")
    return Usage(
        tokens=_number(tokens),
        counted_at=_moment(document.get("counted_at")),
        warned=document.get("warned") is True,
        day=text(document.get("day")),
        asked=asked if isinstance(asked, int) else 0,
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _texts(value: Any) -> tuple[str, ...]:
    found = map(text, value) if isinstance(value, list | tuple) else ()
    return tuple(filter(None, found))


def _member(kind: type[S], value: Any) -> S:
    if not isinstance(value, str) or not value:
        raise TypeError
    try:
        return kind(value)
    except ValueError:
        raise NewerDocumentError(f"a {kind.__name__} that is not known here") from None


def _end(at: datetime, days: int) -> datetime | None:
    return at + timedelta(days=days) if days else None


def _moment(value: Any) -> datetime | None:
    return None if value is None else time(value)


def _exchanges(pairs: list[Any]) -> list[Exchange]:
    known = (pair for pair in pairs if isinstance(pair, Mapping))
    return [Exchange(text(p.get("question")), text(p.get("answer"))) for p in known]


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
        opened_at=_moment(document.get("opened_at")),
        failures=int(document.get("failures", 0)),
        copies=tuple(map(text, document.get("copies") or ())),
    )
