"""Counters of all contacts together. They hold nothing of anybody."""

from datetime import datetime

from lib.ports.documents import Documents, Key

COUNTERS = "whatsapp_counters"


class Counters:
    """The store of counters."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def count(self, name: str, expire_at: datetime) -> int:
        """Add one to a counter, which is kept until then, and return what it now says."""
        return self._documents.increment(Key(COUNTERS, name), "value", {"expire_at": expire_at})
