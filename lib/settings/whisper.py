"""What hears recordings on one machine, where it is installed."""

from dataclasses import dataclass
from pathlib import Path

from lib.settings.reader import Settings


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """``model`` is a folder with the model; None where its packages have it."""

    model: Path | None = None


def read(settings: Settings) -> WhisperSettings:
    """Read the settings."""
    folder = settings.text("WHISPER_MODEL_DIR")
    return WhisperSettings(Path(folder) if folder else None)
