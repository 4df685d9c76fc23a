"""Whether people are told whom they talk to."""

from dataclasses import dataclass

from lib.settings.reader import Settings


@dataclass(frozen=True, slots=True)
class IntroductionSettings:
    """``wanted``: said above a person's first answer. ``privacy_url`` may be empty."""

    wanted: bool = False
    privacy_url: str = ""


def read(settings: Settings) -> IntroductionSettings:
    """Read the settings."""
    wanted = settings.flag("INTRODUCTION", default=IntroductionSettings().wanted)
    return IntroductionSettings(wanted, settings.url("PRIVACY_URL"))
