"""What is read of the pictures, documents and contact cards that people send."""

from dataclasses import dataclass

from lib.settings.reader import Settings

MOST_BYTES = 16 * 1024 * 1024
"""What Twilio takes of one message (its documentation, "Accepted content types for media")."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """``most_bytes`` of one medium are fetched, 0 for none; ``characters`` reach an assistant."""

    most_bytes: int = MOST_BYTES
    characters: int = 24_000


def read(settings: Settings) -> MediaSettings:
    """Read the settings."""
    defaults = MediaSettings()
    return MediaSettings(
        most_bytes=settings.number("MEDIA_MAX_BYTES", defaults.most_bytes, low=0, high=100_000_000),
        characters=settings.number(
            "MEDIA_TEXT_CHARACTERS", defaults.characters, low=1_000, high=100_000
        ),
    )
