"""A document as its person is given it: in JSON, and without what is a secret."""

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lib.conversation.codes import LOGIN, without_code, without_signatures
from lib.conversation.commands.parse import parse_command
from lib.errors import EnvelopeError
from lib.model import InboundMessage
from lib.ports.documents import Document
from lib.queue.decode import decode
from lib.queue.envelope import encode
from lib.storage.fields import texts, time

# An invitation is known by the hash of its code, which is short enough to be found by trying.
_SECRET = frozenset({"invitation"})
_HALVES = re.compile("[\ud800-\udfff]")


def told(document_id: str, document: Document) -> dict[str, Any]:
    """Return a document as it is given: with its id, and messages as such."""
    kept = {name: value for name, value in document.items() if value is not None}
    # First, and no field of the same name.
    fields = {"id": document_id} | kept | {"id": document_id}
    if "payload" in fields:
        fields["message"] = _message(fields.pop("payload"))
        fields["parts"] = [_message(one) for one in texts(fields.get("parts"))]
    plain: dict[str, Any] = _plain(fields)
    return plain


def line(value: Mapping[str, Any]) -> bytes:
    """Return a value as one line of JSON, in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()


def whole(text: str) -> str:
    """Return a text that can be written: halves of characters are replaced."""
    return _HALVES.sub("\ufffd", text)


def _message(queued: object) -> Any:
    """A message as it was queued, without a code; its text where it cannot be read."""
    payload = queued if isinstance(queued, str) else ""
    try:
        message = decode(payload.encode(errors="replace"))
    except EnvelopeError:
        return "…" if LOGIN in payload.casefold() else payload
    if isinstance(message, InboundMessage):
        message = without_code(message, parse_command(message))
    return json.loads(encode(message)[0])


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return whole(without_signatures(value))
    if isinstance(value, datetime):
        return time(value).isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items() if name not in _SECRET}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no such number
    return value if isinstance(value, int | float | bool | None) else whole(str(value))
