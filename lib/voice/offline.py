"""Which engines are installed on this machine; none is loaded before it is used."""

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.voice.espeak import EspeakSpeaker
    from lib.voice.whisper import WhisperTranscriber

_HEARS = ("ctranslate2", "numpy", "soundfile", "tokenizers")
_SPEAKS = ("espeakng_loader", "numpy", "soundfile")


def transcriber(model: Path | None, kept_under: Path) -> "WhisperTranscriber | None":
    """Return what hears on this machine, or None where it is not installed.

    ``model`` is the folder of the model, if somebody laid it there; otherwise it comes from its
    packages, and is kept under ``kept_under``. It is looked at with the first recording.
    """
    if not _are_there(_HEARS):
        return None
    from lib.voice.model import PACKAGES, ready  # noqa: PLC0415 - where it is installed
    from lib.voice.whisper import WhisperTranscriber  # noqa: PLC0415 - as above

    if not (model or _are_there(PACKAGES)):
        return None

    return WhisperTranscriber(partial(ready, model, kept_under))


def can_speak() -> bool:
    """Whether something speaks on this machine."""
    return _are_there(_SPEAKS)


def speaker() -> "EspeakSpeaker | None":
    """Return what speaks on this machine, or None where it is not installed."""
    if not can_speak():
        return None
    from lib.voice.espeak import EspeakSpeaker  # noqa: PLC0415 - where it is installed

    return EspeakSpeaker()


def _are_there(packages: tuple[str, ...]) -> bool:
    return all(find_spec(name) for name in packages)
