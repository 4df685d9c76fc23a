"""The body of the push that brings a queued message.

It is Pub/Sub's wrapped one (Pub/Sub documentation, "Receive push messages"): it names the
message's id and time twice, and the local queue sends the same. The emulator leaves out ordering
key and attempt.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lib.errors import EnvelopeError
from lib.model import QueueDelivery
from lib.queue.decode import check_version, decode, parse
from lib.queue.envelope import FAST, MOST_BYTES


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
    push = parse(body, "push")
    message = push.get("message")
    if not isinstance(message, dict):
        raise EnvelopeError("the push carries no message")
    # First: a newer version may write its data in another way.
    attributes = message.get("attributes")
    check_version(attributes)
    data = _bytes(message.get("data"))
    return QueueDelivery(
        item=decode(data),
        attempt=_attempt(push.get("deliveryAttempt")),
        payload=data.decode(),
        fast=isinstance(attributes, dict) and attributes.items() >= FAST.items(),
    )


def _bytes(encoded: Any) -> bytes:
    try:
        return base64.b64decode(encoded or "", validate=True)
    except (ValueError, TypeError):
        raise EnvelopeError("the data is not base64") from None


def _attempt(value: Any) -> int:
    # Only told where the subscription has a dead-letter policy.
    return value if type(value) is int and value > 0 else 0
