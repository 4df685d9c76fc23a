"""Everything that answering needs: the adapters, by role."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lib.conversation.limits import Limits
from lib.model import Assistant, Turn
from lib.ports.assistant import AssistantClient
from lib.ports.clock import Clock
from lib.ports.store import Store
from lib.ports.typing import Typing
from lib.turn.lease import LeaseKeeper


class Deliver(Protocol):
    """The use case of the next stage, with its adapters already given."""

    def __call__(self, turn: Turn, *, fresh: bool) -> Turn:
        """Send what is not sent yet. ``fresh``: this worker just opened the first chunk."""


@dataclass(frozen=True, slots=True)
class Responder:
    """The adapters of one process.

    ``reopen_window`` asks an address to write; best effort. ``lease`` is how long a worker that
    fell silent keeps its turn.
    """

    store: Store
    clients: Mapping[str, AssistantClient]
    deliver: Deliver
    reopen_window: Callable[[str], None]
    clock: Clock
    keeper: LeaseKeeper
    default_assistant: Assistant
    typing: Typing
    limits: Limits
    lease: timedelta

    def until(self, now: datetime) -> datetime:
        """The end of a lease that begins now."""
        return now + self.lease
