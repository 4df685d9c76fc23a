"""The tools of a turn: those of its conversation, and what has effects, above all what sends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from lib.conversation.moment import Tools
from lib.model import InboundMessage, Turn
from lib.ports.clock import Clock
from lib.ports.sender import Sender
from lib.storage.stores import Stores
from lib.turn.lease import LeaseKeeper

if TYPE_CHECKING:  # of what few chunks need
    from lib.turn.preparing import Prepare


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What sending needs: the adapters, and its times.

    ``lease`` is how long a worker that fell silent keeps its turn; longer than ``settling``, for
    which a chunk in doubt is left alone: a provider lists a message a little after taking it.
    ``chunk_wait`` is the seconds that a chunk waits at most for the one before it to be sent.
    ``prepare`` makes the media that are made when they are sent; without it their texts are sent.
    """

    stores: Stores
    sender: Sender
    clock: Clock
    lease: timedelta
    settling: timedelta
    chunk_wait: float
    prepare: "Prepare | None" = None


class Deliver(Protocol):
    """The use case of the next stage, with its adapters already given."""

    def __call__(self, turn: Turn, *, fresh: bool) -> Turn:
        """Send what is not sent yet. ``fresh``: this worker just opened the first chunk."""


def _nothing_to_erase(_: str) -> bool:
    return True


DeleteMedium = Callable[[str, float], None]
"""Deletes the medium of a URL at Twilio, within so many seconds; raises a GatewayError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder(Tools):
    """The adapters of one process.

    ``reopen_window`` asks an address to write, best effort, and gives the provider's code if that
    was refused. ``lease`` is how long a worker that
    fell silent keeps its turn. ``queue_again`` queues a message behind all that came meanwhile,
    after a ``pause`` of some seconds in which more may come. ``dispatch`` is what sends before an
    answer is whole; without it nothing leaves early. ``note_after`` is the seconds after which a
    person is told once that work goes on; 0 for never. ``delete_medium`` deletes what
    they sent, once it is answered; None where it stays at Twilio. ``erase`` goes on with the
    erasure of an id.
    """

    deliver: Deliver
    reopen_window: Callable[[str], str | None]
    keeper: LeaseKeeper
    lease: timedelta
    queue_again: Callable[[InboundMessage], None]
    pause: Callable[[float], None] = time.sleep
    dispatch: Dispatch | None = None
    note_after: float = 0.0
    delete_medium: DeleteMedium | None = None
    erase: Callable[[str], bool] = _nothing_to_erase

    def until(self, now: datetime) -> datetime:
        """The end of a lease that begins now."""
        return now + self.lease
