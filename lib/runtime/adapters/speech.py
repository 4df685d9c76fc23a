"""Who reads answers out."""

import logging
from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.conversation.speaking import Speech
    from lib.ports.media_store import MediaStore
    from lib.ports.speaker import Speaker
    from lib.voice.speaking import Voice

_log = logging.getLogger(__name__)


def speaker(config: Config) -> "Speaker | None":
    """Return who speaks; None where nobody does."""
    settings = config.speaking
    if settings.url:
        from lib.voice.openai_speaker import OpenAISpeaker

        return OpenAISpeaker(settings.url, settings.model, settings.voice, settings.api_key)
    return None


def speech(config: Config) -> "Speech":
    """Return how answers are spoken: like a human being by a server, else like a robot."""
    from lib.conversation.speaking import Speech

    settings = config.speaking
    return Speech(settings.characters_per_day, robotic=not settings.url)


def voice(speaker: "Speaker", store: "MediaStore | None") -> "Voice | None":
    """Return what makes the voice of an answer; None without a place where Twilio fetches it."""
    if store is None:
        _log.warning("answers are not spoken: nobody could fetch what is said")
        return None
    from lib.voice.speaking import Voice

    return Voice(speaker, store)
