"""Who hears what people say."""

from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.ports.transcriber import Transcriber


def transcriber(config: Config, *, local: bool) -> "Transcriber | None":
    """Return what writes recordings down: a server, or Whisper on one machine; None if nothing."""
    settings = config.transcribing
    if settings.url:
        from lib.voice.openai_transcriber import OpenAITranscriber

        return OpenAITranscriber(settings.url, settings.api_key, settings.model)
    if not local:
        return None
    from lib.voice import offline

    return offline.transcriber(config.whisper.model, config.data_dir / "models")
