"""Flags and news, of ``whatsapp_settings``: read with the messages that come, once a minute.

They cost no round trip of their own. What cannot be read leaves what was known of it.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.ports.documents import Document, Key, Write

if TYPE_CHECKING:
    from lib.model.switches import Switches

SETTINGS = "whatsapp_settings"
FLAGS, NEWS = Key(SETTINGS, "flags"), Key(SETTINGS, "news")

FRESH = timedelta(seconds=60)
"""How long a change may take to be noticed."""


class SwitchesRead:
    """What a process knows of flags and news; None while there are none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due_at: datetime | None = None
        self._told = ""
        self.known: Switches | None = None

    def due(self, now: datetime) -> tuple[Key, ...]:
        """Return what is to be read with the next message; mostly nothing."""
        return (FLAGS, NEWS) if self._due_at is None or now >= self._due_at else ()

    def take(self, found: Mapping[Key, Document], now: datetime) -> None:
        """Take what was due out of all that was found."""
        with self._lock:
            self._due_at = now + FRESH
            if FLAGS not in found and NEWS not in found:
                self.known = None
                return
            from lib.storage.stores.switch_documents import read_switches  # noqa: PLC0415 - few have

            self.known, self._told = read_switches(found, self.known, self._told)


def switch_writes(flags: Document | None, news: Document | None) -> tuple[Write, ...]:
    """What keeps flags and news; None leaves what there is."""
    given = ((FLAGS, flags), (NEWS, news))
    return tuple(Write(key, document) for key, document in given if document is not None)
