"""The envelope: a message as the queue carries it, and the body of the push that brings it.

The push body is Pub/Sub's wrapped one (Pub/Sub documentation, "Receive push messages"); the
local queue sends the same, and the emulator sends it without ordering key and attempt.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar, cast

from lib.errors import EnvelopeError
from lib.model import Choice, Delivery, InboundMessage, Location, Media, MessageKind

T = TypeVar("T")

VERSION = "1"
MOST_BYTES = 1024 * 1024
"""Of a push body. Pub/Sub allows ten times as much; no real message comes near."""


def encode(message: InboundMessage) -> tuple[bytes, dict[str, str]]:
    """Return a message as queued: its data, and the attributes that tell it apart unread."""
    document = {**asdict(message), "received_at": message.received_at.isoformat()}
    data = json.dumps(document, separators=(",", ":")).encode()
    attributes = {"version": VERSION, "message_id": message.id, "trace_id": message.trace_id}
    return data, attributes


def push_body(
    data: bytes,
    attributes: Mapping[str, str],
    *,
    ordering_key: str,
    message_id: str,
    publish_time: datetime,
    attempt: int,
    subscription: str,
) -> bytes:
    """Return the body with which Pub/Sub would push this message in production."""
    message = {
        "attributes": dict(attributes),
        "data": base64.b64encode(data).decode(),
        "messageId": message_id,
        "orderingKey": ordering_key,
        "publishTime": publish_time.isoformat().replace("+00:00", "Z"),
    }
    body = {"deliveryAttempt": attempt, "message": message, "subscription": subscription}
    return json.dumps(body).encode()


def decode_push(body: bytes) -> Delivery:
    """Read a push body.

    Raises:
        EnvelopeError: it is no push, or what it carries is no message; it never will be.
    """
    if len(body) > MOST_BYTES:
        raise EnvelopeError("the push is too large")
    push = _object(body, "push")
    message = push.get("message")
    if not isinstance(message, dict):
        raise EnvelopeError("the push carries no message")
    try:
        data = base64.b64decode(message.get("data") or "", validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise EnvelopeError("the data is not base64") from None
    attempt = push.get("deliveryAttempt")
    return Delivery(
        message=_message(_object(data, "data")),
        attempt=attempt if isinstance(attempt, int) else 0,
        payload=data.decode(),
    )


def _object(raw: bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise EnvelopeError(f"the {what} is not JSON") from None
    if not isinstance(value, dict):
        raise EnvelopeError(f"the {what} is not an object")
    return value


def _message(document: dict[str, Any]) -> InboundMessage:
    try:
        return InboundMessage(
            id=_text(document["id"]),
            address=_text(document["address"]),
            received_at=_time(document["received_at"]),
            kind=MessageKind(document.get("kind", MessageKind.TEXT)),
            media=tuple(_known(Media, medium) for medium in document.get("media", ())),
            location=_optional(Location, document.get("location")),
            choice=_optional(Choice, document.get("choice")),
            forwarded=bool(document.get("forwarded")),
            **{name: _text(document.get(name, "")) for name in _TEXTS},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EnvelopeError("the data is not a message") from None


_TEXTS = ("text", "user_id", "profile_name", "reply_to")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise ValueError
    return time


def _optional(kind: type[T], document: dict[str, Any] | None) -> T | None:
    return None if document is None else _known(kind, document)


def _known(kind: type[T], document: dict[str, Any]) -> T:
    """A value made of the fields we know; what a later version adds is passed over."""
    names = {field.name for field in fields(cast("Any", kind))}
    return kind(**{name: value for name, value in document.items() if name in names})
