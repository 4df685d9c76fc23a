"""Documents as text: JSON, with times that say that they are."""

import json
from datetime import datetime
from typing import Any

from lib.errors import DocumentError
from lib.ports.documents import Document

_TIME = "$time"


def encoded(document: Document) -> str:
    """Return a document as text.

    Raises:
        TypeError: a value of a kind that no document holds.
    """
    return _ENCODER.encode(document)


def decoded(body: Any) -> Document:
    """Return the document in a text. A time in it that is none is None.

    Raises:
        DocumentError: it is no document.
    """
    try:
        document = _DECODER.decode(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"no document: {type(error).__name__}") from None
    if not isinstance(document, dict):
        raise DocumentError("no document: it has no fields")
    return document


def _encode_time(value: Any) -> dict[str, str]:
    if not isinstance(value, datetime):
        raise TypeError(f"no document holds a {type(value).__name__}")
    return {_TIME: value.isoformat()}


def _decode_time(document: dict[str, Any]) -> Any:
    if document.keys() != {_TIME}:
        return document
    try:
        return datetime.fromisoformat(document[_TIME])
    except (TypeError, ValueError):
        return None  # one spoilt time must not spoil the document


_ENCODER = json.JSONEncoder(default=_encode_time)
_DECODER = json.JSONDecoder(object_hook=_decode_time)
