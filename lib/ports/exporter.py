"""Giving a person everything that is kept of them: a file behind a link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lib.errors import GatewayError
from lib.model import Conversation, Session
from lib.stopping import Stop


@dataclass(frozen=True, slots=True)
class Link:
    """Where the file is, and until when. Whoever has the address gets the file."""

    url: str
    ends_at: datetime


class ExportError(GatewayError):
    """An export that is not given, however often that is tried."""

    code = "export_too_much"
    retryable = False


class NoRoomError(ExportError):
    """There is a file, and no room where it could be fetched."""

    code = "export_no_room"


class Exporter(Protocol):
    """Makes a person's export, or finds the one that is still there."""

    def __call__(
        self, person: Conversation, session: Session, say: Callable[[str], str], stop: Stop
    ) -> Link:
        """Return the link to what is kept of a person; ``say`` puts sentences into their language.

        Raises:
            ExportError: it is too large, or takes too long; or there is no room for it.
            StoreError: it cannot be made now.
            StoppedError: nobody wants it any more.
        """
