"""Model values as the documents that both stores keep, and back.

The names are those of the collections and fields in Firestore. Reading is lenient: documents
written before a field existed, or by others with fields of their own, keep working.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from lib.model import (
    Assistant,
    Chunk,
    ChunkState,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Exchange,
    HistoryEntry,
    Permissions,
    Session,
    Turn,
    TurnState,
    email_of,
)

SESSIONS = "whatsapp_sessions"
TURNS = "whatsapp_turns"
CONTACTS = "whatsapp_contacts"
DELIVERIES = "whatsapp_deliveries"
MESSAGES = "messages"
DEAD_LETTERS = "dead_letters"
ASSISTANTS = "assistants"
PERMISSIONS = "user_permissions"

KEPT_FOR = timedelta(days=7)
"""How long turns and delivery states are of use: longer than any redelivery or callback."""

Document = dict[str, Any]
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_ASSISTANT_FIELDS = frozenset({"id", "name", "description", "enabled", "backend", "settings"})


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
        "recent": [asdict(pair) for pair in session.recent],
    }


def read_session(contact: str, document: Mapping[str, Any]) -> Session:
    """The session of a contact."""
    created = _time(document.get("created_at"))
    recent = document.get("recent")
    return Session(
        contact=contact,
        phone_number=_text(document.get("phone_number")),
        assistant_id=_text(document.get("assistant_id")),
        display_name=_text(document.get("display_name")),
        created_at=created,
        last_active=_time(document.get("last_active"), created),
        recent=tuple(_exchanges(recent) if isinstance(recent, list) else ()),
    )


def turn_document(turn: Turn) -> Document:
    """A document of ``whatsapp_turns``; its id is the turn's."""
    return {
        "contact": turn.contact,
        "address": turn.address,
        "state": turn.state.value,
        "attempt": turn.attempt,
        "lease_until": turn.lease_until,
        "created_at": turn.created_at,
        "expire_at": turn.created_at + KEPT_FOR,
        "chunks": [{**asdict(chunk), "state": chunk.state.value} for chunk in turn.chunks],
    }


def read_turn(turn_id: str, document: Mapping[str, Any], revision: str) -> Turn:
    """The turn of an id, as of a revision."""
    created = _time(document.get("created_at"))
    return Turn(
        id=turn_id,
        contact=_text(document.get("contact")),
        address=_text(document.get("address")),
        state=TurnState(document["state"]),
        attempt=int(document.get("attempt", 1)),
        lease_until=_time(document.get("lease_until"), created),
        created_at=created,
        chunks=tuple(_chunk(chunk) for chunk in document.get("chunks", ())),
        revision=revision,
    )


def history_id(entry: HistoryEntry) -> str:
    """The id under which an entry is kept: writing it again changes nothing."""
    return f"{entry.message_id}-{entry.role.value}"


def history_document(entry: HistoryEntry) -> Document:
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
    }


def delivery_document(report: DeliveryReport, now: datetime) -> Document:
    """A document of ``whatsapp_deliveries``, without the turn it belongs to."""
    return {
        "state": report.state.value,
        "error_code": report.error_code,
        "updated_at": now,
        "expire_at": now + KEPT_FOR,
    }


def read_delivery(sid: str, document: Mapping[str, Any]) -> DeliveryReport:
    """What is known of an outbound message; queued if nothing was reported yet."""
    return DeliveryReport(
        sid=sid,
        state=DeliveryState(document.get("state") or DeliveryState.QUEUED),
        error_code=_text(document.get("error_code")),
        turn_id=_text(document.get("turn_id")),
    )


def letter_document(letter: DeadLetter) -> Document:
    """A document of ``dead_letters``."""
    return {
        "reason": letter.reason,
        "payload": letter.payload,
        "trace_id": letter.trace_id,
        "at": letter.at,
    }


def assistant_document(assistant: Assistant) -> Document:
    """A document of ``assistants``."""
    return {
        "name": assistant.name,
        "description": assistant.description,
        "enabled": assistant.enabled,
        "backend": assistant.backend,
        "settings": dict(assistant.settings),
    }


def read_assistant(assistant_id: str, document: Mapping[str, Any]) -> Assistant:
    """An assistant; its settings may stand apart or beside the other fields."""
    beside = {k: v for k, v in document.items() if k not in _ASSISTANT_FIELDS}
    apart = document.get("settings")
    settings = {**beside, **(apart if isinstance(apart, Mapping) else {})}
    plain = (str, int, float)
    return Assistant(
        id=assistant_id,
        name=_text(document.get("name")) or assistant_id,
        description=_text(document.get("description")),
        enabled=document.get("enabled") is not False,
        backend=_text(document.get("backend")) or "vac",
        settings={k: str(v) for k, v in settings.items() if isinstance(v, plain)},
    )


def permissions_document(permissions: Permissions) -> Document:
    """A document of ``user_permissions``."""
    allowed = permissions.assistants
    return {
        "blocked": permissions.blocked,
        "assistants": "*" if allowed is None else sorted(allowed),
    }


def read_permissions(document: Mapping[str, Any] | None) -> Permissions:
    """Somebody's permissions; nothing written means the default policy.

    What cannot be understood allows nothing.
    """
    known = document or {}
    allowed = known.get("assistants", "*")
    listed = [allowed] if isinstance(allowed, str) else allowed
    everything = listed is None or listed == ["*"]
    named = frozenset(map(str, listed)) if isinstance(listed, Sequence) else frozenset()
    return Permissions(
        blocked=known.get("blocked", False) is not False, assistants=None if everything else named
    )


def _exchanges(pairs: list[Any]) -> list[Exchange]:
    known = (pair for pair in pairs if isinstance(pair, Mapping))
    return [Exchange(_text(p.get("question")), _text(p.get("answer"))) for p in known]


def _chunk(document: Mapping[str, Any]) -> Chunk:
    opened = document.get("opened_at")
    return Chunk(
        text=_text(document.get("text")),
        state=ChunkState(document.get("state", ChunkState.WAITING)),
        sid=_text(document.get("sid")),
        opened_at=None if opened is None else _time(opened),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _time(value: object, otherwise: datetime = _LONG_AGO) -> datetime:
    if not isinstance(value, datetime):
        return otherwise
    return value if value.tzinfo else value.replace(tzinfo=UTC)
