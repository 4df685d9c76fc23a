"""Media that people or the business sent, in memory, within a budget."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

MOST_BYTES = 16 * 1024 * 1024
"""Of one medium. Source: Twilio's "Media messages on WhatsApp"."""

_BUDGET = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Medium:
    """One file; ``name`` is what the sender called it, if anything."""

    content_type: str
    data: bytes = field(repr=False)
    name: str = ""
    sid: str = field(default_factory=lambda: f"ME{uuid4().hex}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def resource(self, account_sid: str, message_uri: str) -> dict[str, Any]:
        """The medium as Twilio's JSON (``api.v2010.account.message.media``)."""
        return {
            "account_sid": account_sid,
            "content_type": self.content_type,
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.created_at),
            "parent_sid": message_uri.rpartition("/")[2],
            "sid": self.sid,
            "uri": f"{message_uri}/Media/{self.sid}.json",
        }


class MediaStore:
    """All media, for any number of threads; the oldest go when there are too many bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Medium] = {}

    def add(self, medium: Medium) -> Medium:
        """Keep a medium."""
        with self._lock:
            self._by_sid[medium.sid] = medium
            while sum(len(one.data) for one in self._by_sid.values()) > _BUDGET:
                del self._by_sid[next(iter(self._by_sid))]
        return medium

    def get(self, sid: str) -> Medium | None:
        """Return one medium."""
        with self._lock:
            return self._by_sid.get(sid)

    def remove(self, sid: str) -> bool:
        """Delete a medium; return whether it was there."""
        with self._lock:
            return self._by_sid.pop(sid, None) is not None

    def clear(self) -> None:
        """Delete all."""
        with self._lock:
            self._by_sid.clear()
