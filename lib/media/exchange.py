"""What the gateway and its reading child say to each other: a line of JSON, then bytes."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """A request to the child, or its answer: facts, and the bytes that they are about."""

    facts: dict[str, Any]
    body: bytes = b""


def packed(message: Message) -> bytes:
    """Return a message as it goes through the pipe, whose end is the end of the message."""
    return json.dumps(message.facts).encode() + b"\n" + message.body


def unpacked(raw: bytes) -> Message:
    """Return the message that came through the pipe.

    Raises:
        ValueError: that is none.
    """
    line, end, body = raw.partition(b"\n")
    try:
        facts = json.loads(line)
    except RecursionError:
        raise ValueError("facts within facts") from None
    if not end or not isinstance(facts, dict):
        raise ValueError("no line of facts")
    return Message(facts, body)
