"""What is read of what people send, and where media are kept that others fetch."""

from typing import NamedTuple

from lib import loopback
from lib.settings.reader import Settings

MOST_BYTES = 16 * 1024 * 1024
"""What Twilio takes of one message (its documentation, "Accepted content types for media")."""

_SHORTEST_KEY = 16


class MediaSettings(NamedTuple):
    """``most_bytes`` of one medium are fetched, 0 for none; ``characters`` reach an assistant.

    What others fetch of us lies in ``bucket`` (on one machine in a folder), at addresses below
    ``public_url`` that are signed with ``signing_key``; see ``lib.settings.media_urls``.
    ``delete_at_twilio``: what was sent is deleted there once it is answered.
    ``out`` is whether pictures, files, places and contacts of an answer are sent as such.
    """

    most_bytes: int = MOST_BYTES
    characters: int = 24_000
    bucket: str = ""
    public_url: str = ""
    signing_key: str = ""
    delete_at_twilio: bool = False
    out: bool = True

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__


def read(settings: Settings) -> MediaSettings:
    """Read the settings."""
    defaults = MediaSettings()
    return MediaSettings(
        most_bytes=settings.number("MEDIA_MAX_BYTES", defaults.most_bytes, low=0, high=100_000_000),
        characters=settings.number(
            "MEDIA_TEXT_CHARACTERS", defaults.characters, low=1_000, high=100_000
        ),
        bucket=settings.word("MEDIA_BUCKET"),
        public_url=_public_url(settings),
        signing_key=_signing_key(settings),
        delete_at_twilio=settings.flag("MEDIA_DELETE_AT_TWILIO", default=False),
        out=settings.flag("MEDIA_OUT", default=defaults.out),
    )


def _public_url(settings: Settings) -> str:
    url = settings.base_url("MEDIA_PUBLIC_URL")
    if url.startswith("http://") and not loopback.is_loopback(url):
        settings.refuse("MEDIA_PUBLIC_URL", "must begin with https://")
    return url


def _signing_key(settings: Settings) -> str:
    key = settings.secret("MEDIA_SIGNING_KEY")
    if key and len(key) < _SHORTEST_KEY:
        settings.refuse("MEDIA_SIGNING_KEY", f"must have {_SHORTEST_KEY} characters at least")
    return key
