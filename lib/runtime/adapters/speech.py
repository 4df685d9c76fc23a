"""Who reads answers out."""

import logging
from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.conversation.speaking import Speech
    from lib.ports.speaker import Speaker

_log = logging.getLogger(__name__)


def speaker(config: Config, *, local: bool) -> "Speaker | None":
    """Return who speaks: a server, or a synthesiser on one machine; None where nobody does."""
    settings = config.speaking
    if settings.url:
        from lib.voice.openai_speaker import OpenAISpeaker

        return OpenAISpeaker(settings.url, settings.model, settings.voice, settings.api_key)
    if not local:
        return None
    from lib.voice import offline

    return offline.speaker()


def speech(config: Config, *, local: bool, keeps: bool) -> "Speech | None":
    """Return how answers are spoken: like a human being by a server, else like a robot.

    None where nobody speaks, or Twilio could not fetch what is said: ``keeps`` is whether it could.
    """
    settings = config.speaking
    if not settings.url and not (local and _can_speak_offline()):
        return None
    if not keeps:
        _log.warning("answers are not spoken: nobody could fetch what is said")
        return None
    from lib.conversation.speaking import Speech

    return Speech(settings.characters_per_day, robotic=not settings.url)


def _can_speak_offline() -> bool:
    from lib.voice import offline

    return offline.can_speak()
