"""Counters of all contacts together. They hold nothing of anybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from lib.ports.documents import Documents, Key
from lib.storage.fields import number

COUNTERS = "whatsapp_counters"


class Counters:
    """The store of counters."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def count(self, name: str, expire_at: datetime) -> int:
        """Add one to a counter, which is kept until then, and return what it now says."""
        return self._documents.increment(Key(COUNTERS, name), "value", {"expire_at": expire_at})

    def add(self, name: str, amount: int, expire_at: datetime) -> None:
        """Add to a counter, which is kept until then."""
        self._documents.increment(Key(COUNTERS, name), "value", {"expire_at": expire_at}, amount)

    def totals(self, groups: Iterable[Sequence[str]]) -> list[int]:
        """Return of each group of counters what they say together; one round trip for all."""
        named = [[Key(COUNTERS, name) for name in group] for group in groups]
        found = self._documents.read([key for keys in named for key in keys])
        said = {key: int(number(stored.document.get("value"))) for key, stored in found.items()}
        return [sum(said.get(key, 0) for key in keys) for keys in named]
