"""How long a recording is, told by its marks, before anybody is paid for hearing it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.media.lengths import length, reckoned
from lib.media.sniff import kind_of
from tests import recordings

MOST = 300
LARGE = 16 * 1024 * 1024
HEADS = (recordings.page([recordings.opus_head()], 0), recordings.page([], 0))
MADE = {
    "a voice note": recordings.opus,
    "Vorbis": recordings.vorbis,
    "WAV": recordings.wav,
    "MP3": recordings.mp3,
    "MP3 with a title": lambda seconds: recordings.mp3(seconds, title=b"\xff\xfb" * 90),
    "AAC": recordings.aac,
    "AMR": recordings.amr,
    "wide AMR": recordings.amr_wide,
    "MP4": recordings.mp4,
    "MP4 of wide numbers": lambda seconds: recordings.mp4(seconds, wide=True),
}


def told(data, most=MOST):
    return length(data, kind_of(data), most)


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
@pytest.mark.parametrize("seconds", [1, 12.5, 200])
def test_a_recording_tells_how_long_it_is(made, seconds):
    assert told(made(seconds)) == pytest.approx(seconds, abs=0.07)


@given(st.floats(0.1, 20), st.integers(1, 60), st.sampled_from([0x08, 0x70, 0x78, 0xF8]))
def test_a_voice_note_is_exact_however_it_is_packed(seconds, on_a_page, first):
    packet = bytes([first]) + bytes(9)
    found = told(recordings.opus(seconds, packet=packet, on_a_page=on_a_page))
    assert found == pytest.approx(seconds, abs=0.021)


def test_what_says_that_it_is_short_is_counted():
    assert told(recordings.opus(290, granule=48_000)) == pytest.approx(290, abs=0.1)


def test_pauses_that_were_not_sent_count():
    assert told(recordings.opus(1, granule=48_000 * 100)) == pytest.approx(100, abs=0.1)


def test_several_streams_are_heard_one_after_another():
    both = recordings.opus(10) + recordings.opus(20, serial=2)
    assert told(both) == pytest.approx(30, abs=0.05)


def test_what_is_longer_than_anybody_hears_is_not_counted_to_its_end():
    for made in (recordings.opus, recordings.mp3, recordings.aac, recordings.amr):
        assert 5 < told(made(100), 5) < 8


def test_an_mp4_that_is_too_large_for_its_seconds_is_not_believed():
    assert told(recordings.mp4(1, size=4_000_000)) > 99


@pytest.mark.parametrize(
    "data",
    [
        recordings.webm(500),
        recordings.mp4(0),
        recordings.page([b"\x80theora" + bytes(40)], 0, kind=2),
        b"ADIF" + bytes(100),
        b"#!AMR_MC1.0\n" + bytes(100),
        b"RIFF\x10\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x02\x00" + bytes(14),
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
        b"OggS",
    ],
)
def test_what_tells_nothing_is_reckoned_from_its_bytes(data):
    assert told(data) is None
    assert reckoned(bytes(1_200_000)) == MOST


@given(
    st.sampled_from([made(2) for made in MADE.values()]),
    st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=8)), max_size=6),
    st.integers(0, 500),
)
def test_whatever_is_in_a_file_it_has_a_length_or_none(data, patches, cut):
    noise = bytearray(data[: len(data) - cut])
    for place, patch in patches:
        noise[place : place + len(patch)] = patch
    found = length(bytes(noise), kind_of(data), MOST)
    assert found is None or found >= 0


@pytest.mark.slow
def test_what_stands_behind_too_many_pages_is_not_taken_for_short():
    assert told(HEADS[0] + HEADS[1] * 100_000 + recordings.opus(1, serial=2)) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "made",
    [
        lambda: HEADS[0] + b"OggS" * (LARGE // 4),
        lambda: HEADS[0] + HEADS[1] * (LARGE // 28),
        lambda: HEADS[0] + recordings.page([b"\xe0"] * 255, 0) * (LARGE // 540),
        lambda: b"\xff\xfb" * (LARGE // 2),
        lambda: b"\xff\xf1\x60\x40\x00\xff\xfc" * (LARGE // 7),
        lambda: b"#!AMR\n" + b"\x78" * LARGE,
        lambda: recordings.box(b"ftyp", b"mp42") + recordings.box(b"free", b"") * (LARGE // 8),
        lambda: b"RIFF\x10\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * (LARGE // 8),
    ],
    ids=["marks", "pages", "packets", "sync", "frames", "AMR", "boxes", "chunks"],
)
def test_no_file_takes_long(made):
    data = made()
    began = time.thread_time()
    length(data, kind_of(data), MOST)
    assert time.thread_time() - began < 2
