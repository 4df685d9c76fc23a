"""The engines themselves, where they are installed: see `make test-voice`."""

import importlib.metadata
import importlib.util
import io
import os
import re
import threading
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not importlib.util.find_spec("ctranslate2"),
        reason="no engines are installed here: `make test-voice` installs them",
    ),
]

from lib.media.errors import MediaError, MediaLateError  # noqa: E402 - as the marks say
from lib.stopping import Stop, StoppedError  # noqa: E402
from lib.voice import offline  # noqa: E402
from lib.voice.errors import SpeechError  # noqa: E402
from lib.voice.whisper import WhisperLimits, WhisperTranscriber  # noqa: E402
from tests.processes import wait_for  # noqa: E402

SAID = {
    "en": "Good morning, I would like to know when my parcel is going to arrive.",
    "de": "Guten Tag, wann wird meine Bestellung geliefert?",
    "fr": "Bonjour, je voudrais changer mon adresse de livraison.",
}
# Half a minute of two people on the telephone, that the package pyannote-audio (MIT) has.
TELEPHONE = """
    hello hello oh hello i didn't know you were there neither did i okay i thought you know i heard
    a beep this is diane in new jersey and i'm sheila in texas originally from chicago oh i'm
    originally from chicago also i'm in new jersey now though well there isn't that much difference
    at least you know they all call me a yankee down here so what can i say
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def engine(folder):
    one = offline.transcriber(None, folder)
    yield one
    one.close()


@pytest.fixture(scope="module")
def speaker():
    return offline.speaker()


@pytest.fixture(scope="module")
def spoken(speaker):
    return {language: speaker.speak(text, language, 60).data for language, text in SAID.items()}


def hear(engine, data, language="", seconds=120.0, stop=None):
    return engine.transcribe(data, "audio/ogg", language, seconds, stop or Stop())


def words(text):
    return re.findall(r"[\w']+", text.casefold())


def errors(said, heard):
    """Of the words that were said, how many are wrong, missing or too many: a share of them."""
    said, heard = words(said), words(heard)
    row = list(range(len(heard) + 1))
    for done, word in enumerate(said, 1):
        corner, row[0] = row[0], done
        for at, other in enumerate(heard, 1):
            best = min(row[at] + 1, row[at - 1] + 1, corner + (word != other))
            corner, row[at] = row[at], best
    return row[-1] / len(said)


def recording(samples, rate=16_000, form="OGG", subtype="OPUS"):
    import soundfile  # noqa: PLC0415 - not installed everywhere

    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=form, subtype=subtype)
    return out.getvalue()


def samples_of(data):
    import soundfile  # noqa: PLC0415 - not installed everywhere

    return soundfile.read(io.BytesIO(data))


def telephone():
    package = importlib.metadata.distribution("pyannote-audio")
    return Path(package.locate_file("pyannote/audio/sample/sample.wav")).read_bytes()


@pytest.mark.parametrize(("language", "form"), [("en", "voice note"), ("de", "mp3"), ("fr", "wav")])
def test_a_robot_is_understood_in_three_languages(engine, spoken, language, form):
    data = spoken[language]
    if form != "mp3":
        sound, rate = samples_of(data)
        sound = sound if form == "wav" else resampled(sound, rate, 48_000)
        told = (rate, "WAV", "PCM_16") if form == "wav" else (48_000,)
        data = recording(sound, *told)
    heard = hear(engine, data)
    assert errors(SAID[language], heard.text) <= 0.35, heard
    assert heard.language == language
    assert 2.0 < heard.seconds < 6.0


def resampled(sound, rate, wanted):
    import numpy as np  # noqa: PLC0415 - not installed everywhere

    times = np.arange(0, len(sound) / rate, 1 / wanted)
    return np.interp(times, np.arange(len(sound)) / rate, sound)


def test_people_on_the_telephone_are_understood_within_the_limits(engine):
    heard = hear(engine, telephone())
    assert errors(TELEPHONE, heard.text) <= 0.25, heard
    assert (heard.language, heard.doubtful) == ("en", False)
    assert round(heard.seconds, 1) == 30.0
    folder = Path(f"/proc/{engine._child._process.pid}")
    most = int(re.search(r"VmHWM:\s+(\d+)", (folder / "status").read_text())[1])
    assert most < 450_000
    assert "1073741824" in (folder / "limits").read_text()


def test_what_is_longer_than_a_window_is_heard_to_its_end(engine):
    sound, rate = samples_of(telephone())
    twice = recording([*sound, *sound], rate)
    heard = hear(engine, twice)
    assert errors(TELEPHONE * 2, heard.text) <= 0.3, heard
    assert round(heard.seconds) == 60


def test_another_language_than_the_persons_is_doubtful(engine, spoken):
    heard = hear(engine, spoken["de"], "fr")
    assert heard.doubtful
    assert errors(SAID["de"], heard.text) <= 0.35


@pytest.mark.parametrize("what", ["silence", "noise", "hum", "a tenth of a second"])
def test_where_nothing_is_said_nothing_is_heard(engine, what):
    import numpy as np  # noqa: PLC0415 - not installed everywhere

    time = np.arange(5 * 16_000) / 16_000
    sounds = {
        "silence": time * 0,
        "noise": np.random.default_rng(1).normal(0, 0.1, len(time)),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * time),
        "a tenth of a second": time[:1600] * 0,
    }
    assert hear(engine, recording(sounds[what])).text == ""


def broken():
    import numpy as np  # noqa: PLC0415 - not installed everywhere

    tone = np.sin(np.arange(16_000 * 3) / 7)
    note = recording(tone)
    return {
        "a text": b"OggS, said the file, and was none.",
        "nothing": b"",
        "the first page": note[:60],
        "other bytes": note[:400] + os.urandom(3000),
        "a recording of nothing": recording(tone[:0]),
        "nine channels": recording(np.zeros((100, 9)), 16_000, "WAV", "PCM_16"),
        "a strange rate": recording(np.zeros(100), 500_000, "WAV", "PCM_16"),
        "fifty minutes": recording(np.zeros(8_000 * 3_000), 8_000, "FLAC", "PCM_16"),
    }


def test_what_is_no_note_is_refused_and_the_next_is_heard(engine, spoken):
    came = {name: outcome(engine, data) for name, data in broken().items()}
    assert came == {
        name: "media_too_large" if name == "fifty minutes" else "media_unreadable" for name in came
    }
    assert errors(SAID["de"], hear(engine, spoken["de"]).text) <= 0.35


def outcome(engine, data):
    try:
        return hear(engine, data)
    except MediaError as error:
        return error.code


def test_a_cut_note_is_heard_as_far_as_it_goes(engine):
    data = telephone()
    heard = hear(engine, data[: len(data) // 2])
    assert 14 < heard.seconds < 16
    assert "diane" not in words(heard.text) or "yankee" not in words(heard.text)
    assert "hello" in words(heard.text)


def test_a_note_that_takes_too_long_or_is_stopped_costs_only_itself(folder, spoken):
    engine = offline.transcriber(None, folder)
    try:
        with pytest.raises(MediaLateError):
            hear(engine, telephone(), seconds=1.0)
        stop = Stop()
        threading.Timer(2.0, stop.give).start()
        with pytest.raises(StoppedError):
            hear(engine, recording([0.1, -0.1] * 8_000 * 240, 16_000, "WAV", "PCM_16"), stop=stop)
        assert hear(engine, spoken["de"], "xx").language == "de"
    finally:
        engine.close()


def test_notes_wait_for_one_another_and_the_child_ends_when_it_is_idle(folder, spoken):
    model = offline.transcriber(None, folder)._model
    engine, came = WhisperTranscriber(model, WhisperLimits(idle=1.0)), {}

    def note(language):
        came[language] = hear(engine, spoken[language]).language

    threads = [threading.Thread(target=note, args=(language,)) for language in SAID]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came == {language: language for language in SAID}
    wait_for(lambda: engine._child is None, 20)


def test_a_limit_of_memory_that_is_too_low_is_told_and_not_the_files_fault(folder, spoken):
    model = offline.transcriber(None, folder)._model
    engine = WhisperTranscriber(model, WhisperLimits(memory=200 << 20))
    with pytest.raises(MediaError) as failure:
        hear(engine, spoken["de"])
    assert failure.value.code == "media_unheard"


def test_the_robot_speaks_mp3_of_a_size_that_is_sent(speaker):
    audio = speaker.speak("word " * 239, "en", 60)
    assert audio.content_type == "audio/mpeg"
    assert audio.data[:2] in {b"\xff\xf3", b"\xff\xfb", b"ID"}
    assert 50 < audio.seconds < 120
    assert len(audio.data) < 800_000


@pytest.mark.parametrize("text", ["", " \0 ", "word " * 300])
def test_what_is_nothing_or_too_long_is_not_spoken(speaker, text):
    with pytest.raises(SpeechError):
        speaker.speak(text, "en", 60)


@pytest.mark.parametrize("language", ["xx", "../en", "en\0", "e" * 10_000])
def test_a_language_without_a_voice_is_not_spoken(speaker, language):
    with pytest.raises(SpeechError):
        speaker.speak("Hello", language, 60)


@pytest.mark.parametrize("language", ["", "no", "zh", "ar", "ja", "pt"])
def test_languages_have_voices_by_their_own_codes(speaker, language):
    assert speaker.speak("你好 hello مرحبا", language, 60).seconds > 0.3


@pytest.mark.parametrize(
    "text",
    ["<speak><break time='9999s'/></speak>", "[[h@l'oU]]", "\ud800 odd", "🙂" * 600, "a\0b" * 99],
)
def test_a_text_is_spoken_as_it_is_whatever_stands_in_it(speaker, text):
    try:
        assert speaker.speak(text, "en", 60).seconds < 120
    except SpeechError:
        assert "🙂" in text


def test_a_text_that_takes_too_long_is_given_up(speaker):
    with pytest.raises(SpeechError):
        speaker.speak("word " * 239, "en", 0)
