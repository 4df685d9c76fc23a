"""The tools of a turn: those of its conversation, and what has effects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lib.conversation.moment import Tools
from lib.model import InboundMessage, Turn
from lib.turn.lease import LeaseKeeper


class Deliver(Protocol):
    """The use case of the next stage, with its adapters already given."""

    def __call__(self, turn: Turn, *, fresh: bool) -> Turn:
        """Send what is not sent yet. ``fresh``: this worker just opened the first chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder(Tools):
    """The adapters of one process.

    ``reopen_window`` asks an address to write; best effort. ``lease`` is how long a worker that
    fell silent keeps its turn. ``publish`` queues a message behind the others of its address.
    """

    deliver: Deliver
    reopen_window: Callable[[str], None]
    keeper: LeaseKeeper
    lease: timedelta
    publish: Callable[[InboundMessage], None]

    def until(self, now: datetime) -> datetime:
        """The end of a lease that begins now."""
        return now + self.lease
