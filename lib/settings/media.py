"""What is read of the media that people send, and whether answers may have any."""

from dataclasses import dataclass

from lib.settings.reader import Settings

MOST_BYTES = 16 * 1024 * 1024
"""What Twilio takes of one message (its documentation, "Accepted content types for media")."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """``most_bytes`` of one medium are fetched, 0 for none; ``characters`` reach an assistant.

    ``out`` is whether pictures, files, places and contacts of an answer are sent as such.
    """

    most_bytes: int = MOST_BYTES
    characters: int = 24_000
    out: bool = True


def read(settings: Settings) -> MediaSettings:
    """Read the settings."""
    defaults = MediaSettings()
    return MediaSettings(
        most_bytes=settings.number("MEDIA_MAX_BYTES", defaults.most_bytes, low=0, high=100_000_000),
        characters=settings.number(
            "MEDIA_TEXT_CHARACTERS", defaults.characters, low=1_000, high=100_000
        ),
        out=settings.flag("MEDIA_OUT", default=defaults.out),
    )
