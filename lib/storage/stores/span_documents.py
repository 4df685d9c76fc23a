"""Spans of names, by a field of a document; see ``session_documents``."""

from collections.abc import Mapping

from lib.model.span import Span
from lib.storage.fields import text, time_if_any


def spans_of(listed: object) -> tuple[Span, ...]:
    """The spans that a document names."""
    found = listed if isinstance(listed, list) else []
    maps = (one for one in found if isinstance(one, Mapping) and text(one.get("name")))
    return tuple(
        Span(text(one["name"]), time_if_any(one.get("since")), time_if_any(one.get("until")))
        for one in maps
    )
