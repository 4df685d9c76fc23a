"""The use case of an export: everything that is kept of a person, as a file behind a link.

Made again after a crash it is the same file at the same address, or one that takes its place.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from lib.conversation.whose import whose
from lib.errors import StoreError
from lib.export.archive import write_archive
from lib.export.collect import collect, media_of
from lib.export.spool import Spool
from lib.file_errors import said
from lib.model import Conversation, Session
from lib.ports.clock import Clock
from lib.ports.exporter import ExportError, Link, NoRoomError
from lib.ports.media_store import EXPORT_NAME, MediaStore, StoredMedium
from lib.reply.phrase import Say
from lib.stopping import Stop
from lib.storage.stores import Stores

CONTENT_TYPE = "application/zip"

_KEY = "export"
_MIB = 1024 * 1024
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of all documents as JSON, of the file, and of the media in it; seconds of all work."""

    documents: int
    file: int
    media: int
    seconds: float


PERSONS = Limits(48 * _MIB, 16 * _MIB, 8 * _MIB, 60.0)
"""What a person may ask for: twenty thousand messages are a third of it."""

OPERATORS = Limits(4096 * _MIB, 4096 * _MIB, 1024 * _MIB, 3600.0)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where everything of people is kept; ``media`` is None where none are."""

    stores: Stores
    media: MediaStore | None
    clock: Clock


class LinkedExports:
    """Implements the port. ``exports`` is where files lie, ``ends`` tells when an address does.

    One is made at a time: the others wait, since each takes memory and a processor.
    """

    def __init__(
        self, sources: Sources, exports: MediaStore, ends: Callable[[str], datetime]
    ) -> None:
        self._sources = sources
        self._exports = exports
        self._ends = ends
        self._one = threading.Lock()

    def __call__(self, person: Conversation, session: Session, say: Say, stop: Stop) -> Link:
        """Return a person's link; see the port."""
        # A number may pass on to somebody else within the hour; this name is nobody else's.
        owner = session.name
        url = self._exports.find(owner, _KEY) or self._make(owner, person, session, say, stop)
        return Link(url, self._ends(url))

    def _make(
        self, owner: str, person: Conversation, session: Session, say: Say, stop: Stop
    ) -> str:
        if not self._one.acquire(timeout=_PATIENCE):
            raise StoreError("other exports are being made")
        try:
            made = self._made(person, session, say, stop)
            stop.check()
            url = self._put(owner, StoredMedium(made, CONTENT_TYPE, EXPORT_NAME))
            if stop.given:
                self._exports.delete(owner)  # who is forgotten meanwhile
            stop.check()
        finally:
            self._one.release()
        return url

    def _made(self, person: Conversation, session: Session, say: Say, stop: Stop) -> bytes:
        try:
            with TemporaryFile() as file:
                write_export(file, person, session, self._sources, say, PERSONS, stop)
                file.seek(0)
                return file.read()
        except OSError as error:
            raise NoRoomError(f"no temporary file: {said(error)}") from None

    def _put(self, owner: str, medium: StoredMedium) -> str:
        try:
            return self._exports.put(owner, _KEY, medium)
        except StoreError as error:
            if error.retryable:
                raise
            raise NoRoomError(str(error)) from None


def write_export(
    file: IO[bytes],
    person: Conversation,
    session: Session | None,
    sources: Sources,
    say: Say,
    limits: Limits,
    stop: Stop,
) -> dict[str, int]:
    """Write the export of a person into a file; return how much of what is in it.

    Raises:
        ExportError: it is too large, or takes too long.
        StoreError: what is kept cannot be read now.
        StoppedError: nobody wants it any more.
    """
    end = time.monotonic() + limits.seconds

    def check() -> None:
        stop.check()
        if time.monotonic() > end:
            raise ExportError("takes too long for an export")

    def check_size(size: int) -> None:
        check()
        if size > limits.file:
            raise ExportError("too large for an export")

    stores = sources.stores
    who = whose(person, session, stores)
    facts = {"contact": person.contact, "names": sorted(who.names), "account": person.account}
    media = media_of(who, sources.media, limits.media) if sources.media else ()
    with TemporaryFile() as spooled:
        spool = Spool(spooled, limits.documents)
        collect(who, person.account, stores, spool, check)
        now = sources.clock()
        write_archive(file, facts, spool, media, now, say, check_size)
        return {section: spool.count(section) for section in spool.sections}
