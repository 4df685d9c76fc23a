"""A server's transcription of a recording: its words, and how sure they are.

Source: OpenAI's API reference, "The transcription object (Verbose JSON)". ``no_speech_prob`` was
measured as 0.79 to 0.93 of silence, noise and music, and at most 0.27 of speech; an
``avg_logprob`` below -0.6 caught what was garbled and nothing else.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from lib.model import Transcript
from lib.voice.languages import code_of

SILENT, DOUBTFUL = 0.6, -0.6


class NoTranscriptionError(Exception):
    """What a server said is none. The text tells what it is, without any of it."""


def transcript_of(body: bytes, wanted: str = "") -> Transcript:
    """Return a transcription, of either format; its text is empty where nothing is said.

    It is doubtful where the server is unsure, or heard another language than was ``wanted``.

    Raises:
        NoTranscriptionError: it is none.
    """
    told = _object(body)
    text = told.get("text")
    if not isinstance(text, str):
        raise NoTranscriptionError("no text")
    parts = told.get("segments")
    segments = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    spoken = [one for one in segments if not _number(one, "no_speech_prob", 0.0) > SILENT]
    if segments and not spoken:
        text = ""
    language = code_of(told.get("language"))
    is_other = bool(wanted and language and language != wanted)
    is_unsure = _sureness(spoken) < DOUBTFUL
    seconds = max(0.0, _number(told, "duration", 0.0))
    return Transcript(text.strip(), language, seconds, doubtful=is_other or is_unsure)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NoTranscriptionError("no JSON") from None
    if not isinstance(told, dict):
        raise NoTranscriptionError("no object")
    return told


def _sureness(segments: Sequence[Mapping[str, Any]]) -> float:
    """The mean of what segments say of themselves, each by its length; 0 where they do not."""
    total = weight = 0.0
    for one in segments:
        length = _number(one, "end", 0.0) - _number(one, "start", 0.0)
        length = length if length > 0 else 1.0
        total += length * _number(one, "avg_logprob", 0.0)
        weight += length
    return total / weight if weight else 0.0


def _number(told: Mapping[str, Any], name: str, default: float) -> float:
    """A number, as some servers write it: also as a text."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return default
    return found if math.isfinite(found) else default
