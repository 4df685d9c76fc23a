"""Counters of all contacts together. They hold nothing of anybody."""

from datetime import datetime

from lib.ports.documents import Documents, Key

COUNTERS = "whatsapp_counters"


def count(name: str, expire_at: datetime, documents: Documents) -> int:
    """Add one to a counter, which is kept until then, and return what it now says."""
    return documents.increment(Key(COUNTERS, name), "value", {"expire_at": expire_at})
