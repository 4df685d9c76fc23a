"""Documents as the values of Firestore's protocol, and back.

Written to the protobuf messages themselves: Google's encoder makes a wrapped message of each
value and copies it into the next one (decision 0031).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lib.ports.documents import Document, Stored

# In this order: to Python a bool is an int as well.
_SCALARS = {
    str: "string_value",
    bool: "boolean_value",
    int: "integer_value",
    float: "double_value",
}
_NULL = 0  # struct.proto, NullValue


def put(document: Mapping[str, Any], fields: Any) -> None:
    """Write a document into the fields of a message.

    Raises:
        ValueError: text that is none, or a number that is too large.
        TypeError: a value of a kind that documents of ours do not have.
    """
    for name, value in document.items():
        put_value(value, fields[name])


def document_of(fields: Any) -> Document:
    """Return the fields of a message as a document.

    A value of a kind that we never write comes as what stands for it in the message: a reference
    as the name of its document, a place as a message of its own.
    """
    return {name: _plain(value) for name, value in fields.items()}


def stored_of(found: Any) -> Stored:
    """Return a document's message as a document, with the exact time of its last change."""
    return Stored(document_of(found.fields), found.update_time.ToJsonString())


def put_value(value: object, place: Any) -> None:
    """Write one value into a message of its own; raises as ``put``."""
    for kind, field in _SCALARS.items():
        if isinstance(value, kind):
            setattr(place, field, value)
            return
    match value:
        case None:
            place.null_value = _NULL
        case datetime():
            place.timestamp_value.FromDatetime(value)
        case Mapping():
            place.map_value.SetInParent()  # an empty one is one, too
            put(value, place.map_value.fields)
        case list() | tuple():
            place.array_value.SetInParent()
            for element in value:
                put_value(element, place.array_value.values.add())
        case _:
            raise TypeError(f"no document holds a {type(value).__name__}")


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("value_type")
    match kind:
        case "null_value" | None:  # none: a kind that is newer than our protobuf
            return None
        case "timestamp_value":
            return value.timestamp_value.ToDatetime(UTC)
        case "map_value":
            return document_of(value.map_value.fields)
        case "array_value":
            return [_plain(element) for element in value.array_value.values]
    return getattr(value, kind)
