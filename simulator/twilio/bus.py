"""What happens in the stand-in, told to whoever watches."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from simulator.twilio.contacts import Contact
from simulator.twilio.messages import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened on the way of a message, in words for a person.

    ``message_sid`` is the message it concerns; where there is none, ``address`` is the person.
    ``milliseconds`` is how long it took, if that means anything.
    """

    message_sid: str
    actor: str
    title: str
    at: datetime
    detail: str = ""
    milliseconds: int | None = None
    ok: bool = True
    address: str = ""


@dataclass(frozen=True, slots=True)
class Typing:
    """The business types to a contact until then; None: it stopped."""

    address: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """All messages are gone."""


Event = Message | Contact | Step | Typing | Forgotten
Watcher = Callable[[Event], None]


@dataclass(slots=True)
class Bus:
    """Hands every event to every watcher, in the thread in which it happens."""

    _watchers: list[Watcher] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, watcher: Watcher) -> None:
        """Let the watcher see all that happens from now on. It must be quick and never fail."""
        with self._lock:
            self._watchers.append(watcher)

    def tell(self, event: Event) -> None:
        """Hand an event on."""
        with self._lock:
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher(event)
