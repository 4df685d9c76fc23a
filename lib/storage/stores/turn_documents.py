"""Turns as documents of ``whatsapp_turns``, and back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lib.errors import DocumentError, NewerDocumentError
from lib.model import SETTLED, Feedback, TokenUsage, Turn, TurnState
from lib.ports.documents import Document
from lib.storage.fields import number, text, texts, time, time_if_any
from lib.storage.keeping import KEPT_FOR
from lib.storage.stores.chunk_documents import chunk_document, member, read_chunk

if TYPE_CHECKING:
    from lib.model import Heard

RUNNING = frozenset({TurnState.HELD, TurnState.THINKING, TurnState.ANSWERED})
"""The states in which a person can stop a turn."""

OVERDUE_AFTER = timedelta(seconds=60)
"""How long after its lease a turn counts as forgotten: the queue is to bring it before that."""

PARKED_FOR = timedelta(days=7)
"""How long an answer waits for its person to write before it becomes a dead letter."""


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
        "chunks": [chunk_document(chunk) for chunk in turn.chunks],
        "payload": turn.payload,
        "nudged_until": turn.nudged_until,
        "overdue_at": _overdue_at(turn),
        "running": turn.address if turn.state in RUNNING else None,
        "apologised": turn.apologised,
        "parts": list(turn.parts),
        "joined_to": turn.joined_to,
        "stopped_by": turn.stopped_by,
        "assistant_id": turn.assistant_id,
        "answered_at": turn.answered_at,
        "tokens": _tokens_document(turn),
        "feedback": feedback_document(turn.feedback),
        "heard": _heard_documents(turn),
        "cost": turn.cost,
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
            state=member(TurnState, document["state"]),
            attempt=int(document.get("attempt", 1)),
            lease_until=time(document.get("lease_until"), created),
            created_at=created,
            chunks=tuple(read_chunk(chunk) for chunk in document.get("chunks", ())),
            payload=text(document.get("payload")),
            nudged_until=time_if_any(document.get("nudged_until")),
            apologised=document.get("apologised") is True,
            parts=texts(document.get("parts")),
            joined_to=text(document.get("joined_to")),
            stopped_by=text(document.get("stopped_by")),
            assistant_id=text(document.get("assistant_id")),
            answered_at=time_if_any(document.get("answered_at")),
            tokens=_tokens(document.get("tokens")),
            feedback=_feedback(document.get("feedback")),
            heard=_heard(document.get("heard")),
            cost=_cost(document.get("cost")),
            revision=revision,
        )
    except NewerDocumentError as error:
        raise NewerDocumentError(f"turn {turn_id} is of a newer version: {error}") from None
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise DocumentError(f"turn {turn_id} cannot be read: {type(error).__name__}") from error


def _tokens_document(turn: Turn) -> Document | None:
    used = turn.tokens
    return {"prompt": used.prompt, "completion": used.completion} if used else None


def _tokens(document: Any) -> TokenUsage | None:
    if not isinstance(document, dict):
        return None
    return TokenUsage(int(number(document.get("prompt"))), int(number(document.get("completion"))))


def _cost(value: Any) -> int | None:
    return None if value is None else int(number(value))


def _heard_documents(turn: Turn) -> list[Document] | None:
    if not turn.heard:
        return None
    from lib.storage.stores.media_documents import heard_document  # noqa: PLC0415 - few have any

    return [heard_document(one) for one in turn.heard]


def _heard(documents: Any) -> "tuple[Heard, ...]":
    if not isinstance(documents, list) or not documents:
        return ()
    from lib.storage.stores.media_documents import read_heard  # noqa: PLC0415 - few have any

    return tuple(map(read_heard, documents))


def feedback_document(said: Feedback | None) -> Document | None:
    """What a turn's document holds of what its person says of the answer."""
    return {"rating": said.rating, "comment": said.comment} if said else None


def _feedback(document: Any) -> Feedback | None:
    if not isinstance(document, dict):
        return None
    return Feedback(int(number(document.get("rating"))), text(document.get("comment")))


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
