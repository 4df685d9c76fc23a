"""The envelope: a message as the queue carries it."""

import json
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from lib.errors import QueueError
from lib.model import DeliveryReport, QueueItem

VERSION = 1
"""Of the data. Fields may be added within a version; a reader ignores those it does not know."""

FAST = {"lane": "fast"}
"""The attribute of what overtakes the other messages of its address."""

MOST_BYTES = 1024 * 1024
"""Of a push body. Pub/Sub allows ten times as much; no real message comes near."""

# Base64 makes four bytes of three; the rest of a push body is small.
_MOST_DATA_BYTES = MOST_BYTES * 3 // 4 - 16 * 1024


def encode(message: QueueItem, *, fast: bool = False) -> tuple[bytes, dict[str, str]]:
    """Return what is queued: its data, and the attributes that tell it apart unread.

    ``fast`` says that it overtakes the others of its address.

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
    return data, attributes | FAST if fast else attributes


def _plain(value: Any) -> Any:
    # One level: json asks again for what is inside. dataclasses.asdict copies it all first.
    if isinstance(value, datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields_of(value)}


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain)
