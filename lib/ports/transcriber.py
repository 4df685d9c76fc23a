"""Whoever hears what is said in a recording."""

from typing import Protocol

from lib.model import Transcript
from lib.stopping import Stop


class Transcriber(Protocol):
    """Writes down what is said: a server of OpenAI's protocol, or Whisper on this machine."""

    def transcribe(
        self, audio: bytes, content_type: str, language: str, seconds: float, stop: Stop
    ) -> Transcript:
        """Return what is said, within so many seconds; an empty text where nothing is.

        ``language`` is the one that the person chose (ISO 639-1), empty if none. Servers are paid
        for each call, so that what may have been done is not asked for again.

        Raises:
            MediaError: it could not be written down; each of its kinds has a sentence of its own.
            StoppedError: the order was given.
            ShortageError: there is no process or descriptor for it now; nothing was begun.
        """
