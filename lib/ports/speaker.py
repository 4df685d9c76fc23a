"""Whoever speaks a text."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording that was made; ``content_type`` is ``audio/mpeg`` of all that are sent."""

    data: bytes
    content_type: str
    seconds: float = 0.0


class Speaker(Protocol):
    """Reads a text out: a server of OpenAI's protocol, or a synthesiser on this machine."""

    def speak(self, text: str, language: str, seconds: float) -> Audio:
        """Return a text spoken in a language (ISO 639-1, or empty), within so many seconds.

        Raises:
            SpeechError: there is none, and the text has to do.
        """
