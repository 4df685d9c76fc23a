"""What documents say of limits: a member of them, and back."""

from collections.abc import Mapping
from typing import Any

from lib.model import Usage
from lib.ports.documents import Document
from lib.storage.fields import number, text, time_if_any


def usage_document(usage: Usage) -> Document:
    """What a document says of limits."""
    return {
        "tokens": usage.tokens,
        "counted_at": usage.counted_at,
        "warned": usage.warned,
        "day": usage.day,
        "asked": usage.asked,
    }


def read_usage(document: Mapping[str, Any]) -> Usage:
    """What a document says of limits."""
    used = document.get("usage")
    if not isinstance(used, Mapping):
        return Usage()
    asked = used.get("asked")
    return Usage(
        tokens=number(used.get("tokens")),
        counted_at=time_if_any(used.get("counted_at")),
        warned=used.get("warned") is True,
        day=text(used.get("day")),
        asked=asked if isinstance(asked, int) else 0,
    )
