"""What a server's reply says was said, and how sure it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.voice.languages import code_of
from lib.voice.transcription import NoTranscriptionError, transcript_of


def segment(silence=0.1, sureness=-0.2, start=0.0, end=2.0):
    return {"start": start, "end": end, "no_speech_prob": silence, "avg_logprob": sureness}


def read(wanted="", **told):
    return transcript_of(json.dumps({"text": " Hello there. ", **told}).encode(), wanted)


def test_the_words_the_language_and_the_length_are_read():
    said = read(language="german", duration=4.2, segments=[segment()])
    assert (said.text, said.language, said.seconds) == ("Hello there.", "de", 4.2)
    assert not said.doubtful


def test_words_alone_are_enough():
    said = read()
    assert (said.text, said.language, said.seconds, said.doubtful) == ("Hello there.", "", 0, False)


@pytest.mark.parametrize(
    ("segments", "text"),
    [
        ([segment(0.79)], ""),
        ([segment(0.93), segment(0.61)], ""),
        ([segment(0.93), segment(0.27)], "Hello there."),
        ([segment(0.6)], "Hello there."),
        ([segment("0.9")], ""),
        ([], "Hello there."),
        (None, "Hello there."),
    ],
)
def test_where_every_segment_is_silent_nothing_was_said(segments, text):
    assert read(segments=segments).text == text


@pytest.mark.parametrize(
    ("segments", "doubtful"),
    [
        ([segment(sureness=-0.59)], False),
        ([segment(sureness=-0.61)], True),
        ([segment(sureness=-0.9, end=1), segment(sureness=-0.1, start=1, end=9)], False),
        ([segment(sureness=-0.9, end=8), segment(sureness=-0.1, start=8, end=9)], True),
        ([segment(silence=0.9, sureness=-2), segment()], False),
        ([{}], False),
        ([{"avg_logprob": None}, 7], False),
    ],
)
def test_what_is_unsure_by_its_length_is_doubtful(segments, doubtful):
    assert read(segments=segments).doubtful is doubtful


@pytest.mark.parametrize(
    ("wanted", "told", "doubtful"),
    [
        ("de", "german", False),
        ("de", "de", False),
        ("de", "dutch", True),
        ("de", None, False),
        ("", "dutch", False),
    ],
)
def test_another_language_than_was_wanted_is_doubtful(wanted, told, doubtful):
    assert read(wanted, language=told).doubtful is doubtful


@pytest.mark.parametrize(
    ("told", "code"),
    [
        *[("English", "en"), ("en", "en"), ("en-US", "en"), ("yue", "yue")],
        *[("haitian creole", "ht"), ("Klingon", ""), ("", ""), (None, ""), (7, "")],
        ("x" * 10_000, ""),
    ],
)
def test_a_language_is_known_by_its_name_or_its_code(told, code):
    assert code_of(told) == code


@pytest.mark.parametrize(
    "body",
    [
        *[b"", b"<html>", b"[]", b"7", b"{}", b"[" * 100_000, b"\xff\xfe\x00"],
        *[b'{"text": null}', b'{"text": ["a"]}', b'{"error": {"message": "no"}}'],
    ],
)
def test_what_is_no_transcription_is_told_so_without_its_words(body):
    with pytest.raises(NoTranscriptionError) as told:
        transcript_of(body)
    assert str(told.value) in {"no JSON", "no object", "no text"}


odd = [None, True, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", "0.7", "-inf", [], {}]
anything = st.sampled_from(odd)
names = st.sampled_from(["no_speech_prob", "avg_logprob", "start", "end"])


@given(
    st.fixed_dictionaries(
        {"text": anything},
        optional={
            "language": anything,
            "duration": anything,
            "segments": st.lists(st.dictionaries(names, anything) | anything, max_size=3),
        },
    )
)
def test_whatever_a_server_says_is_a_transcript_or_none(told):
    try:
        said = transcript_of(json.dumps(told).encode())
    except NoTranscriptionError:
        return
    assert isinstance(said.text, str)
    assert said.seconds >= 0
