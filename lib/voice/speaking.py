"""The use case that makes the voice of an answer, when the text was sent and its time has come."""

import hashlib
import logging
import time
from dataclasses import dataclass, replace

from lib.errors import StoreError
from lib.model import Chunk, OutboundMedia, Turn
from lib.ports.media_store import MediaStore, StoredMedium
from lib.ports.speaker import Speaker
from lib.voice.errors import SpeechError

MOST_SECONDS = 15.0
"""A voice that takes longer comes too late: the text was read meanwhile."""

_KEEPING_SECONDS = 3.0
"""Of these, what is left for keeping the recording."""

_NAME = "answer.mp3"
# Kept before the speaker is asked, so that nobody asks it for the same a second time.
_BEGUN = StoredMedium(b"begun", "text/plain", "begun.txt")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and where the recording is kept for Twilio. ``seconds`` are for all of it."""

    speaker: Speaker
    store: MediaStore
    seconds: float = MOST_SECONDS


def speak(turn: Turn, chunk: Chunk, voice: Voice) -> OutboundMedia | None:
    """Return the medium of a chunk with its URL; None where there is none, or not in time.

    A speaker is asked once for the words of a turn, whoever asks and whatever is killed: it may be
    paid. So words of which nobody knows whether they were spoken are not spoken any more.
    """
    if chunk.media is None or not chunk.media.words:
        return None
    started = time.monotonic()
    try:
        url = _url(turn, chunk.media, voice, started + voice.seconds)
    except (SpeechError, StoreError) as error:
        facts = {"code": error.code, "reason": str(error), "trace_id": turn.trace_id}
        _log.error("answer not spoken", extra=facts)
        return None
    elapsed = time.monotonic() - started
    told = {"elapsed_ms": round(elapsed * 1000), "trace_id": turn.trace_id}
    if not url or elapsed > voice.seconds:
        problem = "answer not spoken in time" if url else "answer may have been spoken before"
        _log.warning(problem, extra=told)
        return None
    _log.info("answer spoken", extra=told | {"characters": len(chunk.media.words)})
    return replace(chunk.media, url=url, name=_NAME)


def _url(turn: Turn, media: OutboundMedia, voice: Voice, deadline: float) -> str:
    """Where the recording is; empty where another worker began it, and none is there.

    Raises:
        SpeechError, StoreError: there is none.
    """
    store, key = voice.store, _key(turn, media)
    if store.find(turn.contact, f"{key}-begun"):
        return store.find(turn.contact, key)
    store.put(turn.contact, f"{key}-begun", _BEGUN)
    left = deadline - _KEEPING_SECONDS - time.monotonic()
    audio = voice.speaker.speak(media.words, media.language, max(0.0, left))
    return store.put(turn.contact, key, StoredMedium(audio.data, audio.content_type, _NAME))


def _key(turn: Turn, media: OutboundMedia) -> str:
    """The name of a recording: of these words for this turn, wherever they stand in it."""
    digest = hashlib.sha256(f"{media.language}\n{media.words}".encode()).hexdigest()
    return f"{turn.id}-{digest[:16]}"
