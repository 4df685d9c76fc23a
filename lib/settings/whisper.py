"""What hears recordings on one machine, where it is installed."""

from pathlib import Path
from typing import NamedTuple

from lib.settings.reader import Settings


class WhisperSettings(NamedTuple):
    """``model`` is a folder with the model; None where its packages have it."""

    model: Path | None = None


def read(settings: Settings) -> WhisperSettings:
    """Read the settings."""
    folder = settings.text("WHISPER_MODEL_DIR")
    return WhisperSettings(Path(folder) if folder else None)
