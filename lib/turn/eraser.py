"""What an erasure works with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lib.ports.clock import Clock
from lib.ports.documents import Documents
from lib.ports.media_store import MediaStore
from lib.ports.message_records import MessageRecords
from lib.storage.stores import Stores

Tell = Callable[[str, dict[str, object]], None]
"""Tells of an event by its id; raises a GatewayError where nobody took it."""


class Purge(Protocol):
    """Deletes what is queued for addresses until a time, and since another one."""

    def __call__(
        self, addresses: Iterable[str], before: datetime, since: datetime | None = None, /
    ) -> None:
        """See ``LocalQueue.purge``."""


@dataclass(frozen=True, slots=True)
class Eraser:
    """What erasing needs. ``purge`` deletes what is queued for addresses.

    ``media`` is None where none are kept, ``exports`` where none are made, ``purge`` where the
    queue cannot, ``tell`` where nobody wants to know.
    """

    documents: Documents
    stores: Stores
    records: MessageRecords
    clock: Clock
    media: MediaStore | None = None
    exports: MediaStore | None = None
    purge: Purge | None = None
    tell: Tell | None = None
