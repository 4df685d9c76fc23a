"""The envelope: a message as the queue carries it, and the body of the push that brings it.

The push body is Pub/Sub's wrapped one (Pub/Sub documentation, "Receive push messages"): it
names the message's id and time twice, and the local queue sends the same. The emulator leaves
out ordering key and attempt.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from lib.address import parse_address
from lib.errors import AddressError, EnvelopeError, NewerEnvelopeError, QueueError
from lib.model import (
    Choice,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    InboundMessage,
    Location,
    Media,
    MessageKind,
    QueueDelivery,
    QueueItem,
    Referral,
)

VERSION = 1
"""Of the data. Fields may be added within a version; a reader passes over what it knows not."""

MOST_BYTES = 1024 * 1024
"""Of a push body. Pub/Sub allows ten times as much; no real message comes near."""

# Base64 makes four bytes of three; the rest of a push body is small.
_MOST_DATA_BYTES = MOST_BYTES * 3 // 4 - 16 * 1024
_LONGEST_ID = 256
_LONGEST_VERSION = 9

Fields = Mapping[str, Any]
T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)


def encode(message: QueueItem) -> tuple[bytes, dict[str, str]]:
    """Return what is queued: its data, and the attributes that tell it apart unread.

    Raises:
        QueueError: it is larger than a push may be.
    """
    report = isinstance(message, DeliveryReport)
    document = {"version": VERSION, **({"report": message} if report else _plain(message))}
    # All ASCII: JSON's escapes carry even half a surrogate pair, which UTF-8 cannot.
    data = _ENCODER.encode(document).encode()
    if len(data) > _MOST_DATA_BYTES:
        raise QueueError("the message is too large to be queued")
    attributes = {
        "version": str(VERSION),
        "message_id": message.sid if isinstance(message, DeliveryReport) else message.id,
        "trace_id": message.trace_id,
    }
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
    published = publish_time.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
    message = {
        "attributes": dict(attributes),
        "data": base64.b64encode(data).decode(),
        "messageId": message_id,
        "message_id": message_id,
        "orderingKey": ordering_key,
        "publishTime": published,
        "publish_time": published,
    }
    body = {"deliveryAttempt": attempt, "message": message, "subscription": subscription}
    return json.dumps(body).encode()


def decode_push(body: bytes) -> QueueDelivery:
    """Read a push body, of production or of the emulator.

    Raises:
        EnvelopeError: it is no push, or what it carries is no message; it never will be.
        NewerEnvelopeError: a newer version can read it.
    """
    if len(body) > MOST_BYTES:
        raise EnvelopeError("the push is too large")
    push = _parse(body, "push")
    message = push.get("message")
    if not isinstance(message, dict):
        raise EnvelopeError("the push carries no message")
    # First: a newer version may write its data in another way.
    _check_version(message.get("attributes"))
    data = _bytes(message.get("data"))
    return QueueDelivery(
        item=decode(data),
        attempt=_attempt(push.get("deliveryAttempt")),
        payload=data.decode(),
    )


def decode(data: bytes) -> QueueItem:
    """Read what was queued.

    Raises:
        EnvelopeError: it is neither a message nor a report; it never will be.
        NewerEnvelopeError: a newer version can read it.
    """
    fields = _parse(data, "data")
    _check_version(fields)
    return _message(fields) if fields.get("report") is None else _report(fields)


def _plain(value: Any) -> Any:
    # One level: json asks again for what is inside. dataclasses.asdict copies it all first.
    if isinstance(value, datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields_of(value)}


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain)


def _bytes(encoded: Any) -> bytes:
    try:
        return base64.b64decode(encoded or "", validate=True)
    except (ValueError, TypeError):
        raise EnvelopeError("the data is not base64") from None


def _parse(raw: bytes, what: str) -> Fields:
    try:
        value = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise EnvelopeError(f"the {what} is not JSON") from None
    if not isinstance(value, dict):
        raise EnvelopeError(f"the {what} is not an object")
    return value


def _check_version(fields: Any) -> None:
    # In the attributes, all of which are text, as well.
    version = str(fields.get("version", VERSION) if isinstance(fields, dict) else VERSION)
    if not version.isdecimal() or not 0 < len(version) <= _LONGEST_VERSION or int(version) < 1:
        raise EnvelopeError("the data has a version that is none")
    if int(version) > VERSION:
        raise NewerEnvelopeError(f"the data has version {version}; this version reads {VERSION}")


def _attempt(value: Any) -> int:
    # Only told where the subscription has a dead-letter policy.
    return value if type(value) is int and value > 0 else 0


def _message(fields: Fields) -> InboundMessage:
    try:
        return InboundMessage(
            id=_id(fields),
            address=parse_address(_text(fields, "address")),
            received_at=_time(fields),
            kind=_member(MessageKind, _text(fields, "kind") or MessageKind.TEXT),
            text=_text(fields, "text"),
            user_id=_text(fields, "user_id"),
            profile_name=_text(fields, "profile_name"),
            media=tuple(_media(_fields(medium)) for medium in fields.get("media") or ()),
            location=_optional(_location, fields.get("location")),
            choice=_optional(_choice, fields.get("choice")),
            reply_to=_text(fields, "reply_to"),
            forwarded=fields.get("forwarded") is True,
            form=tuple(_pair(answer) for answer in fields.get("form") or ()),
            referral=_optional(_referral, fields.get("referral")),
        )
    except (AddressError, ArithmeticError, LookupError, TypeError, ValueError):
        raise EnvelopeError("the data is not a message") from None


def _report(fields: Fields) -> DeliveryReport:
    try:
        report = _fields(fields["report"])
        return DeliveryReport(
            sid=_text(report, "sid"),
            state=_member(DeliveryState, _text(report, "state")),
            error_code=_text(report, "error_code"),
            address=parse_address(_text(report, "address")),
            cause=_member(FailureCause, _text(report, "cause")),
            explanation=_text(report, "explanation"),
        )
    except (AddressError, TypeError, ValueError):
        raise EnvelopeError("the data is not a report") from None


def _id(fields: Fields) -> str:
    """The id is the key of everything done once, so it must be one that a store can keep."""
    message_id = _text(fields, "id")
    if not 0 < len(message_id.encode()) <= _LONGEST_ID:
        raise ValueError
    return message_id


def _member(kind: type[S], value: str) -> S:
    """Return the member of this value; one that is not known here is a newer version's."""
    try:
        return kind(value)
    except ValueError:
        if not value:
            raise
        raise NewerEnvelopeError(f"a {kind.__name__} that is not known here") from None


def _time(fields: Fields) -> datetime:
    time = datetime.fromisoformat(_text(fields, "received_at"))
    if time.tzinfo is None:
        raise ValueError
    return time.astimezone(UTC)


def _media(fields: Fields) -> Media:
    return Media(_text(fields, "url"), _text(fields, "content_type"))


def _location(fields: Fields) -> Location:
    latitude, longitude = float(fields["latitude"]), float(fields["longitude"])
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise ValueError
    return Location(latitude, longitude, _text(fields, "address"), _text(fields, "label"))


def _choice(fields: Fields) -> Choice:
    return Choice(_text(fields, "id"), _text(fields, "title"))


def _referral(fields: Fields) -> Referral:
    return Referral(_text(fields, "headline"), _text(fields, "text"), _text(fields, "url"))


def _pair(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError
    name, said = value
    return name, said


def _optional(read: Callable[[Fields], T], value: Any) -> T | None:
    return None if value is None else read(_fields(value))


def _fields(value: Any) -> Fields:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value
