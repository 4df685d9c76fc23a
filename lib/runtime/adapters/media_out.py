"""What answers may have beside text: media that they name, and voices that speak them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lib.loopback import is_loopback
from lib.settings.config import Config
from lib.settings.media_urls import media_urls

if TYPE_CHECKING:
    from lib.conversation.speaking import Speech
    from lib.model import Chunk, Enclosing, OutboundMedia, Turn
    from lib.ports.media_store import MediaStore
    from lib.voice.speaking import Voice


class MediaOut:
    """What is possible, and what makes it when it is sent; ``store`` gives where it is kept."""

    def __init__(
        self, config: Config, store: "Callable[[], MediaStore | None]", *, local: bool
    ) -> None:
        self._config = config
        self._store = store
        self._local = local
        self._keeps = not media_urls(config, local=local).off
        self._voice: Voice | None = None

    def enclosing(self) -> "Enclosing | None":
        """What of an answer may leave as a medium."""
        if not self._config.media.out:
            return None
        from lib.model import Enclosing

        # Nobody but the stand-in for Twilio, on this machine, gets what this machine serves.
        here = is_loopback(self._config.twilio.api_base_url)
        return Enclosing(here, contacts=self._keeps)

    def speech(self) -> "Speech | None":
        """How answers are spoken; None where they cannot be."""
        if not self._config.speaking.url and not self._local:
            return None
        from lib.runtime.adapters import speech

        return speech.speech(self._config, local=self._local, keeps=self._keeps)

    def prepare(self, turn: "Turn", chunk: "Chunk") -> "OutboundMedia | None":
        """Make the medium of a chunk when it is sent; None where it cannot be made."""
        from lib.model import ChunkKind

        store = self._store()
        if store is None:
            return None
        if chunk.kind is not ChunkKind.VOICE:
            from lib.media.contact_out import keep_card

            return keep_card(turn, chunk, store)
        from lib.voice.speaking import speak

        voice = self._speaking(store)
        return speak(turn, chunk, voice) if voice else None

    def _speaking(self, store: "MediaStore") -> "Voice | None":
        from lib.runtime.adapters import speech
        from lib.voice.speaking import Voice

        if self._voice is None and (who := speech.speaker(self._config, local=self._local)):
            self._voice = Voice(who, store)
        return self._voice
