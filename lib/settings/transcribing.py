"""Who writes down what people say in recordings, if anybody does."""

from typing import NamedTuple

from lib.settings.reader import Settings

_PATH = "/audio/transcriptions"


class TranscribingSettings(NamedTuple):
    """A server of OpenAI's protocol; without a ``url`` there is none.

    ``most_seconds`` is how long a recording may be. ``show`` is whether people are shown what
    was understood, before the answer.
    """

    url: str = ""
    api_key: str = ""
    model: str = "whisper-1"
    most_seconds: int = 300
    show: bool = True

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__


def read(settings: Settings) -> TranscribingSettings:
    """Read the settings; a URL is as good with the path that is appended to it."""
    defaults = TranscribingSettings()
    return TranscribingSettings(
        url=settings.base_url("TRANSCRIBE_URL").removesuffix(_PATH),
        api_key=settings.secret("TRANSCRIBE_API_KEY"),
        model=settings.title("TRANSCRIBE_MODEL", defaults.model),
        most_seconds=settings.number(
            "TRANSCRIBE_MAX_SECONDS", defaults.most_seconds, low=1, high=1_200
        ),
        show=settings.flag("TRANSCRIBE_SHOW", default=defaults.show),
    )
