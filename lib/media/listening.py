"""Recordings as the words that are said in them."""

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from functools import partial

from lib.media.errors import MediaLateError, MediaTooLongError
from lib.media.fetched import Fetched
from lib.media.lengths import length, reckoned
from lib.media.sniff import Kind
from lib.model import Media, Transcript
from lib.ports.transcriber import Transcriber
from lib.stopping import Stop

AT_ONCE = 8
"""Recordings that one process has heard: each is in memory meanwhile."""

MOST_CHARACTERS = 20_000
"""Of what is said in one recording: it is kept in the document of its turn."""

_TYPES = {
    Kind.OGG: "audio/ogg",
    Kind.MP3: "audio/mpeg",
    Kind.MP4: "audio/mp4",
    Kind.AAC: "audio/aac",
    Kind.AMR: "audio/amr",
    Kind.WAV: "audio/wav",
    Kind.WEBM: "audio/webm",
}
# A film is no recording, though its sound might be heard.
_FILMS = frozenset({Kind.MP4, Kind.WEBM})
_SOUND = b"ftypM4A", b"ftypM4B"
# And what says nothing.
_TOLD = "audio/", "video/", "application/ogg", "application/octet-stream"
_log = logging.getLogger(__name__)


def may_be_spoken(medium: Media) -> bool:
    """Whether something that is told to be of its type may be a recording."""
    return medium.content_type.startswith(_TOLD)


def is_recording(fetched: Fetched, kind: Kind, told: str) -> bool:
    """Whether this is sound alone; of some kinds what it was ``told`` to be decides."""
    if kind not in _FILMS:
        return kind in _TYPES
    is_told = any(one.startswith("audio/") for one in (told, fetched.content_type))
    return is_told or fetched.data[4:11] in _SOUND


@dataclass(frozen=True, slots=True)
class Listening:
    """Has recordings heard that are not too long, a few at once, whoever sent them."""

    transcriber: Transcriber
    most_seconds: int
    few: threading.Semaphore = field(default_factory=partial(threading.BoundedSemaphore, AT_ONCE))

    def heard(self, data: bytes, kind: Kind, language: str, end: float, stop: Stop) -> Transcript:
        """Return what is said, before ``end`` by the monotonic clock; see the port.

        Raises:
            MediaTooLongError: it is longer than any that is heard; nobody was asked.
            MediaLateError: there was no time left to ask.
        """
        known = length(data, kind, self.most_seconds)
        if (reckoned(data) if known is None else known) > self.most_seconds:
            raise MediaTooLongError(self.most_seconds)
        if not self.few.acquire(timeout=max(0.0, end - time.monotonic())):
            raise MediaLateError("others were heard all the time")
        try:
            stop.check()
            began = time.monotonic()
            said = self.transcriber.transcribe(data, _TYPES[kind], language, end - began, stop)
        finally:
            self.few.release()
        heard = _tidy(said if known is None else replace(said, seconds=known))
        _log_heard(heard, time.monotonic() - began)
        return heard


def _tidy(said: Transcript) -> Transcript:
    """The words in one line that can be stored, and not too many of them."""
    text = " ".join(said.text.encode(errors="replace").decode().split())
    cut = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
    return replace(said, text=cut)


def _log_heard(said: Transcript, took: float) -> None:
    facts = {
        "seconds": round(said.seconds, 1),
        "elapsed_ms": round(took * 1000),
        "language": said.language,
        "doubtful": said.doubtful,
        "silent": not said.text,
    }
    _log.info("recording heard", extra=facts)
