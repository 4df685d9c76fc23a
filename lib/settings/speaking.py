"""Who reads answers out, if anybody does."""

from typing import NamedTuple

from lib.settings.reader import Settings

_PATH = "/audio/speech"
_MOST = 1_000_000_000


class SpeakingSettings(NamedTuple):
    """A server of OpenAI's protocol; without a ``url`` there is none.

    ``characters_per_day`` may be spoken to one person (a day in UTC), 0 without limit.
    """

    url: str = ""
    api_key: str = ""
    model: str = "tts-1"
    voice: str = "alloy"
    characters_per_day: int = 20_000

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__


def read(settings: Settings) -> SpeakingSettings:
    """Read the settings; a URL is as good with the path that is appended to it."""
    defaults = SpeakingSettings()
    speaking = SpeakingSettings(
        url=settings.base_url("SPEAK_URL").removesuffix(_PATH),
        api_key=settings.secret("SPEAK_API_KEY"),
        model=settings.title("SPEAK_MODEL", defaults.model),
        voice=settings.title("SPEAK_VOICE", defaults.voice),
        characters_per_day=settings.number(
            "SPEAK_CHARACTERS_PER_DAY", defaults.characters_per_day, low=0, high=_MOST
        ),
    )
    if speaking.api_key and not settings.text("SPEAK_URL"):
        settings.refuse("SPEAK_URL", "is needed where SPEAK_API_KEY is set")
    return speaking
