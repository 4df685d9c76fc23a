"""How long things are kept."""

from dataclasses import dataclass

from lib.settings.reader import Settings

_MOST = 36_500


@dataclass(frozen=True, slots=True)
class KeepingSettings:
    """Days, after which what is kept may be deleted; 0 means for ever."""

    history: int = 365
    dead_letters: int = 90


def read(settings: Settings) -> KeepingSettings:
    """Read the settings."""
    defaults = KeepingSettings()
    return KeepingSettings(
        history=settings.number("KEEP_DAYS", defaults.history, low=0, high=_MOST),
        dead_letters=settings.number(
            "KEEP_DEAD_LETTERS_DAYS", defaults.dead_letters, low=0, high=_MOST
        ),
    )
