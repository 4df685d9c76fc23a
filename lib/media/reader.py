"""Reading the media of a message: each is fetched, told apart by its bytes, and read or heard."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from lib.errors import ShortageError
from lib.media.contact import contacts_text
from lib.media.documents.read import DocumentLimits, read_document
from lib.media.errors import (
    MediaError,
    MediaLateError,
    MediaUnheardError,
    MediaUnreadableError,
)
from lib.media.fetched import Fetched
from lib.media.listening import Listening, is_recording, may_be_spoken
from lib.media.parts import Part, document_part, missing_part, named, spoken
from lib.media.pictures.read import read_picture
from lib.media.sniff import Kind, kind_of
from lib.model import Heard, InboundMessage, Media, Reading
from lib.ports.hearing import Hearing
from lib.stopping import Stop

LONGEST = 60.0
"""Seconds for all media of a message together: each of them has limits of its own."""

AT_ONCE = 4
"""Media that one process fetches and reads."""

_PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.HEIC})
# What a web page may be announced as; in the place of anything else it is somebody's error page.
_PAGES = frozenset({"text/html", "text/plain", "application/octet-stream", "application/xhtml+xml"})
_log = logging.getLogger(__name__)


class Fetcher(Protocol):
    """Gets the bytes of a medium."""

    def fetch(self, url: str, stop: Stop | None = None, seconds: float = ...) -> Fetched:
        """Fetch one, within so many seconds.

        Raises:
            MediaError: there is none to be had.
        """


@dataclass(frozen=True, slots=True)
class _Recording:
    """A medium that is yet to be heard."""

    data: bytes
    kind: Kind


@dataclass(frozen=True, slots=True)
class MediaReader:
    """Reads what people send. One fault keeps nothing else from being read.

    A few media are in memory at once, whoever sent them: each may have 16 MB. Recordings are heard
    where there is somebody ``listening``.
    """

    fetcher: Fetcher
    limits: DocumentLimits
    listening: Listening | None = None
    few: threading.Semaphore = field(default_factory=partial(threading.BoundedSemaphore, AT_ONCE))

    def read(self, message: InboundMessage, stop: Stop, hearing: Hearing) -> Reading:
        """Return what was understood of the media of a message.

        What ``hearing`` knows was said in a recording is not heard again, and what is heard is
        given to it before anything else happens.

        Raises:
            StoppedError: nobody wants to know any more.
            StoreError: what was heard may not be stored.
            ShortageError: there is no process or descriptor to read with now.
        """
        parts = tuple(self._parts(message, stop, hearing))
        return Reading(
            text="\n\n".join(one.text for one in parts),
            summary="\n\n".join(one.summary for one in parts),
            pictures=tuple(one.picture for one in parts if one.picture),
            understood=sum(not one.fault for one in parts),
            faults=tuple(one.fault for one in parts if one.fault),
            spoken=tuple(one.said for one in parts if one.said),
        )

    def _parts(self, message: InboundMessage, stop: Stop, hearing: Hearing) -> Iterator[Part]:
        end = time.monotonic() + LONGEST
        for medium in message.media:
            stop.check()
            try:
                said = hearing.known(medium.url) if may_be_spoken(medium) else None
                yield spoken(said) if said else self._part(medium, message, stop, end, hearing)
            except ShortageError:
                raise
            except MediaError as error:
                facts = {"code": error.code, "reason": str(error), "type": medium.content_type}
                _log.warning("medium not read", extra=facts)
                yield missing_part(medium, error)

    def _part(
        self, medium: Media, message: InboundMessage, stop: Stop, end: float, hearing: Hearing
    ) -> Part:
        found = self._read(medium, message, stop, end)
        if isinstance(found, Part):
            return found
        if self.listening is None:
            raise MediaUnheardError("a recording")
        said = self.listening.heard(found.data, found.kind, hearing.language, end, stop)
        hearing.keep(Heard(medium.url, said))
        return spoken(said)

    def _read(
        self, medium: Media, message: InboundMessage, stop: Stop, end: float
    ) -> Part | _Recording:
        if not self.few.acquire(timeout=max(0.0, end - time.monotonic())):
            raise MediaLateError("others were read all the time")
        try:
            return self._understood(medium, message, stop, end)
        finally:
            self.few.release()

    def _understood(
        self, medium: Media, message: InboundMessage, stop: Stop, end: float
    ) -> Part | _Recording:
        left = end - time.monotonic()
        if left <= 0:
            raise MediaLateError("no time left for this one")
        fetched = self.fetcher.fetch(medium.url, stop, left)
        kind = kind_of(fetched.data)
        facts = {"kind": kind.value, "bytes": len(fetched.data), "type": medium.content_type}
        _log.info("medium fetched", extra=facts)
        if kind is Kind.HTML and medium.content_type not in _PAGES:
            raise MediaUnreadableError("a web page in its place")
        if kind in _PICTURES:
            picture = read_picture(fetched.data, kind)
            return Part("[Picture]", "[Picture]", picture)
        if kind is Kind.VCARD:
            text = contacts_text(fetched.data)
            return Part(text, text)
        if is_recording(fetched, kind, medium.content_type):
            return _Recording(fetched.data, kind)
        document = read_document(fetched.data, kind, self.limits)
        return document_part(document, fetched.name or named(message.text))
