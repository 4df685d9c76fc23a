"""What an envelope carries, read back: an inbound message or a delivery report."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from lib.address import parse_address
from lib.errors import AddressError, EnvelopeError, NewerEnvelopeError
from lib.model import (
    Choice,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    InboundMessage,
    Location,
    Media,
    MessageKind,
    QueueItem,
    Referral,
)
from lib.model.message import OPT_OUTS
from lib.queue.envelope import VERSION

_LONGEST_ID = 256
_LONGEST_VERSION = 9

Fields = Mapping[str, Any]
T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)


def decode(data: bytes) -> QueueItem:
    """Read what was queued.

    Raises:
        EnvelopeError: it is neither a message nor a report; it never will be.
        NewerEnvelopeError: a newer version can read it.
    """
    fields = parse(data, "data")
    check_version(fields)
    return _message(fields) if fields.get("report") is None else _report(fields)


def parse(raw: bytes, what: str) -> Fields:
    """Read an object of JSON; ``what`` is its name in the error.

    Raises:
        EnvelopeError: it is none.
    """
    try:
        value = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise EnvelopeError(f"the {what} is not JSON") from None
    if not isinstance(value, dict):
        raise EnvelopeError(f"the {what} is not an object")
    return value


def check_version(fields: Any) -> None:
    """Check the version in the data, or in the attributes, all of which are text.

    Raises:
        EnvelopeError: it is no version.
        NewerEnvelopeError: a newer version of the gateway can read it.
    """
    version = str(fields.get("version", VERSION) if isinstance(fields, dict) else VERSION)
    if not version.isdecimal() or not 0 < len(version) <= _LONGEST_VERSION or int(version) < 1:
        raise EnvelopeError("the data has a version that is none")
    if int(version) > VERSION:
        raise NewerEnvelopeError(f"the data has version {version}; this version reads {VERSION}")


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
            opt_out=_opt_out(fields.get("opt_out")),
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


def _opt_out(value: Any) -> str:
    """Return what the provider took a message for; what is not known here is somebody's text."""
    return value if isinstance(value, str) and value in OPT_OUTS else ""


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
