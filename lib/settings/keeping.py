"""How long things are kept."""

from typing import NamedTuple

from lib.settings.reader import Settings

_MOST = 36_500


class KeepingSettings(NamedTuple):
    """Days, after which what is kept may be deleted; 0 means for ever.

    ``sessions`` counts from when a person last wrote. They hold the last words of both sides: where
    history is kept for less than a year, they go with it unless something else is set.
    """

    history: int = 365
    dead_letters: int = 90
    sessions: int = 400


def read(settings: Settings) -> KeepingSettings:
    """Read the settings."""
    defaults = KeepingSettings()
    history = settings.number("KEEP_DAYS", defaults.history, low=0, high=_MOST)
    sessions = history if 0 < history < defaults.history else defaults.sessions
    return KeepingSettings(
        history=history,
        dead_letters=settings.number(
            "KEEP_DEAD_LETTERS_DAYS", defaults.dead_letters, low=0, high=_MOST
        ),
        sessions=settings.number("KEEP_SESSIONS_DAYS", sessions, low=0, high=_MOST),
    )
