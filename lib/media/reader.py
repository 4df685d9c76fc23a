"""Reading the media of a message: each is fetched, told apart by its bytes, and read."""

import logging
import re
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
from lib.media.pictures.read import read_picture
from lib.media.sniff import Kind, kind_of
from lib.model import Document, InboundMessage, Media, Picture, Reading
from lib.stopping import Stop

LONGEST = 60.0
"""Seconds for all media of a message together: each of them has limits of its own."""

AT_ONCE = 4
"""Media that one process fetches and reads."""

SUMMARY = 2_000
"""Characters that history keeps of a document: its beginning."""

_PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.HEIC})
_HEARD = frozenset({Kind.OGG, Kind.MP3, Kind.AMR, Kind.AAC})
# What a web page may be announced as; in the place of anything else it is somebody's error page.
_PAGES = frozenset({"text/html", "text/plain", "application/octet-stream", "application/xhtml+xml"})
_NAME = re.compile(r"[^\n/\\]{1,96}\.(\w{2,5})")
_FENCE = re.compile("`{3,}")
_log = logging.getLogger(__name__)


class Fetcher(Protocol):
    """Gets the bytes of a medium."""

    def fetch(self, url: str, stop: Stop | None = None, seconds: float = ...) -> Fetched:
        """Fetch one, within so many seconds.

        Raises:
            MediaError: there is none to be had.
        """


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of one medium."""

    text: str
    summary: str
    picture: Picture | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MediaReader:
    """Reads what people send. One fault keeps nothing else from being read.

    A few media are in memory at once, whoever sent them: each may have 16 MB.
    """

    fetcher: Fetcher
    limits: DocumentLimits
    few: threading.Semaphore = field(default_factory=partial(threading.BoundedSemaphore, AT_ONCE))

    def read(self, message: InboundMessage, stop: Stop) -> Reading:
        """Return what was understood of the media of a message.

        Raises:
            StoppedError: nobody wants to know any more.
            ShortageError: there is no process or descriptor to read with now.
        """
        parts = tuple(self._parts(message, stop))
        return Reading(
            text="\n\n".join(one.text for one in parts),
            summary="\n\n".join(one.summary for one in parts),
            pictures=tuple(one.picture for one in parts if one.picture),
            understood=sum(not one.fault for one in parts),
            faults=tuple(one.fault for one in parts if one.fault),
        )

    def _parts(self, message: InboundMessage, stop: Stop) -> Iterator[_Part]:
        end = time.monotonic() + LONGEST
        for medium in message.media:
            stop.check()
            try:
                yield self._part(medium, message, stop, end)
            except ShortageError:
                raise
            except MediaError as error:
                facts = {"code": error.code, "reason": str(error), "type": medium.content_type}
                _log.warning("medium not read", extra=facts)
                missing = _missing(medium, error)
                yield _Part(missing, missing, fault=error.code)

    def _part(self, medium: Media, message: InboundMessage, stop: Stop, end: float) -> _Part:
        if not self.few.acquire(timeout=max(0.0, end - time.monotonic())):
            raise MediaLateError("others were read all the time")
        try:
            return self._understood(medium, message, stop, end)
        finally:
            self.few.release()

    def _understood(self, medium: Media, message: InboundMessage, stop: Stop, end: float) -> _Part:
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
            return _Part("[Picture]", "[Picture]", picture)
        if kind is Kind.VCARD:
            text = contacts_text(fetched.data)
            return _Part(text, text)
        if kind in _HEARD:
            raise MediaUnheardError("a recording")
        document = read_document(fetched.data, kind, self.limits)
        return _document(document, fetched.name or _named(message.text))


def _document(document: Document, name: str) -> _Part:
    told = [f"“{name}”"] if name else []
    told += [f"{document.pages} pages"] if document.pages > 1 else []
    head = f"[Document {', '.join(told)}]" if told else "[Document]"
    text = document.text
    return _Part(_framed(head, text, _left_out(document)), _framed(head, *_beginning(text)))


def _framed(head: str, text: str, after: str) -> str:
    """A text as data: nothing in it can end the fence around it."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join(filter(None, (head, fence, text, fence, after)))


def _beginning(text: str) -> tuple[str, str]:
    if len(text) <= SUMMARY:
        return text, ""
    return text[:SUMMARY].rpartition(" ")[0] or text[:SUMMARY], "[… the rest is not kept]"


def _left_out(document: Document) -> str:
    if document.more:
        return "[… more was left out]"
    count = document.left_out
    return f"[… {count:,} more characters were left out]" if count else ""


def _missing(medium: Media, error: MediaError) -> str:
    what = "Recording" if isinstance(error, MediaUnheardError) else "Attachment"
    return f"[{what} of type {medium.content_type}, which could not be read]"


def _named(text: str) -> str:
    """The name of a file, which WhatsApp gives as the text of a document without a caption."""
    said = text.strip()
    return said if _NAME.fullmatch(said) else ""
