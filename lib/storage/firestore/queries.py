"""Queries as protobuf messages. All of them are served by the indexes that every field has."""

from typing import Any

from lib.ports.documents import Equal, Until
from lib.storage.firestore.messages import message
from lib.storage.firestore.values import put_value

_Query = message("StructuredQuery")
_ASCENDING: int = _Query.ASCENDING
_DESCENDING: int = _Query.DESCENDING
_Filter = _Query.FieldFilter
_OPERATORS = {Equal: _Filter.EQUAL, Until: _Filter.LESS_THAN_OR_EQUAL}
_NAME = "__name__"


def where(collection: str, condition: Equal | Until | None, most: int) -> Any:
    """The documents where a condition holds, by id; of times the earliest first."""
    query = _of(collection, most)
    if condition is not None:
        found = query.where.field_filter
        found.field.field_path = condition.field
        found.op = _OPERATORS[type(condition)]
        put_value(condition.value, found.value)
    if isinstance(condition, Until):
        _order(query, condition.field, _ASCENDING)
    _order(query, _NAME, _ASCENDING)
    return query


def newest(collection: str, field: str, most: int) -> Any:
    """The documents with a field, the latest first."""
    query = _of(collection, most)
    _order(query, field, _DESCENDING)
    return query


def go_on_after(document: Any, query: Any) -> None:
    """Let a query go on behind a document that it found."""
    del query.start_at.values[:]
    query.start_at.before = False
    for order in query.order_by:
        value = query.start_at.values.add()
        if order.field.field_path == _NAME:
            value.reference_value = document.name
        else:
            value.CopyFrom(document.fields[order.field.field_path])


def _of(collection: str, most: int) -> Any:
    query = _Query()
    query.from_.add(collection_id=collection)
    query.limit.value = most
    return query


def _order(query: Any, field: str, direction: int) -> None:
    order = query.order_by.add(direction=direction)
    order.field.field_path = field
