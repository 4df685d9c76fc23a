"""The people at the other end: the 24-hour window and what else decides on delivery."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

WINDOW = timedelta(hours=24)
"""How long a person may be answered freely. Source: Twilio's "WhatsApp key concepts"."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, by the address Twilio knows: ``+E164``, or the business-scoped id alone.

    ``window_until`` is None for somebody who never wrote through this stand-in: then nothing is
    known, and nothing is refused for it.
    """

    address: str
    name: str = ""
    user_id: str = ""
    window_until: datetime | None = None
    joined: bool = True
    opted_out: bool = False
    blocked: bool = False

    def window_open(self, now: datetime) -> bool:
        """Whether the business may write freely."""
        return self.window_until is None or now < self.window_until


class Contacts:
    """Everybody, for any number of threads. Strangers are as ``Contact`` describes."""

    def __init__(self, tell: Callable[[Contact], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._by_address: dict[str, Contact] = {}
        self.window = WINDOW

    def get(self, address: str) -> Contact:
        """Return what is known; ``whatsapp:`` before the address is ignored."""
        address = address.removeprefix("whatsapp:")
        with self._lock:
            return self._by_address.get(address) or Contact(address)

    def known(self) -> list[Contact]:
        """Return everybody of whom something is known, in the order of their arrival."""
        with self._lock:
            return list(self._by_address.values())

    def change(self, address: str, **changes: Any) -> Contact:
        """Set fields of a contact."""
        address = address.removeprefix("whatsapp:")
        with self._lock:
            contact = replace(self._by_address.get(address) or Contact(address), **changes)
            self._by_address[address] = contact
        self._tell(contact)
        return contact

    def write(self, address: str) -> Contact:
        """Open the window, since the person writes."""
        return self.change(address, window_until=datetime.now(UTC) + self.window)

    def close_window(self, address: str) -> Contact:
        """Let the window have run out."""
        return self.change(address, window_until=datetime.now(UTC))

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._by_address.clear()


def new_user_id(country: str = "US") -> str:
    """Return a business-scoped id nobody has."""
    return f"{country}.{uuid4().hex[:20].upper()}"
