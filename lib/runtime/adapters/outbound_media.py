"""The adapters of media that go out: what an answer encloses, and what reads it out."""

from typing import TYPE_CHECKING

from lib.runtime.adapters.kept import KeptMedia
from lib.runtime.adapters.parts import once
from lib.settings.media_urls import media_urls

if TYPE_CHECKING:
    from lib.conversation.speaking import Speech
    from lib.model import Chunk, Enclosing, OutboundMedia, Turn
    from lib.voice.speaking import Voice


class MediaOut(KeptMedia):
    """Those of the parts that have to do with it; a plain answer uses none of them."""

    def enclosing(self) -> "Enclosing | None":
        """What of an answer may leave as a medium."""
        from lib.runtime.adapters import media_out

        return media_out.enclosing(self.config, keeps=self._keeps_media())

    def speech(self) -> "Speech | None":
        """How answers are spoken; None where they cannot be."""
        from lib.runtime.adapters import speech

        return speech.speech(self.config, local=self.local, keeps=self._keeps_media())

    def prepare(self, turn: "Turn", chunk: "Chunk") -> "OutboundMedia | None":
        """Make a medium of an answer when it is sent; loaded with the first one."""
        from lib.model import ChunkKind

        if chunk.kind is ChunkKind.VOICE:
            return self._spoken(turn, chunk)
        from lib.runtime.adapters import media_out

        return media_out.made(turn, chunk, self.media_store())

    @once
    def voice(self) -> "Voice | None":
        """What makes the voice of an answer; None where nobody speaks, or could fetch it."""
        from lib.runtime.adapters import speech

        speaker, store = speech.speaker(self.config, local=self.local), self.media_store()
        return speech.voice(speaker, store) if speaker and store else None

    def _spoken(self, turn: "Turn", chunk: "Chunk") -> "OutboundMedia | None":
        from lib.voice.speaking import speak

        voice = self.voice()
        return speak(turn, chunk, voice) if voice else None

    def _keeps_media(self) -> bool:
        """Whether there is a store, which is not made to tell."""
        return not media_urls(self.config, local=self.local).off
