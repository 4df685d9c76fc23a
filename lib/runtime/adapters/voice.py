"""Who hears what people say."""

from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.ports.transcriber import Transcriber


def transcriber(config: Config) -> "Transcriber | None":
    """Return what writes recordings down; None where nothing does."""
    settings = config.transcribing
    if settings.url:
        from lib.voice.openai_transcriber import OpenAITranscriber

        return OpenAITranscriber(settings.url, settings.api_key, settings.model)
    return None
