"""The voice of an answer: made once for a turn, whoever asks and wherever a worker is killed."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lib.errors import StoreError
from lib.model import Chunk, ChunkKind, OutboundKind, OutboundMedia, Turn, TurnState
from lib.voice.openai_speaker import OpenAISpeaker
from lib.voice.speaking import Voice, speak
from tests.kept_media import FolderOfMedia
from tests.peer import answer, peer, say_nothing

MP3 = b"\xff\xfb\x90\x00" + bytes(413)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
WORDS = OutboundMedia(OutboundKind.VOICE, words="Hello there.", language="en")
CHUNK = Chunk("", kind=ChunkKind.VOICE, media=WORDS)
TURN = Turn(
    id="SM1",
    contact="+15550001111",
    address="+15550001111",
    state=TurnState.ANSWERED,
    attempt=1,
    lease_until=NOW,
    created_at=NOW,
    chunks=(Chunk("Hello *there*."), CHUNK),
)


class KilledError(BaseException):
    """The end of a process, which no code of ours catches."""


@pytest.fixture
def server():
    with peer(answer(200, MP3)) as running:
        yield running


def voice(server, folder, before=lambda _key: None, seconds=15.0):
    speaker = OpenAISpeaker(server.url, "tts-1", "alloy")
    return Voice(speaker, FolderOfMedia(folder / "media", before), seconds)


def kept(store, medium):
    token, name = medium.url.split("/")[-2:]
    return store.open(token, name)


def test_an_answer_is_spoken_and_kept_for_whoever_fetches_it(server, tmp_path):
    it = voice(server, tmp_path)
    medium = speak(TURN, CHUNK, it)
    assert replace(medium, url="") == replace(WORDS, name="answer.mp3")
    assert medium.url.endswith("/answer.mp3")
    stored = kept(it.store, medium)
    assert (stored.data, stored.content_type, stored.name) == (MP3, "audio/mpeg", "answer.mp3")
    assert json.loads(server.requests[0].partition(b"\r\n\r\n")[2])["input"] == "Hello there."


def test_it_is_found_again_by_whoever_takes_the_turn_over(server, tmp_path):
    first = speak(TURN, CHUNK, voice(server, tmp_path))
    # Meanwhile the text before it was divided, so that it stands elsewhere.
    later = replace(TURN, attempt=2, chunks=(Chunk("Hello"), Chunk("*there*."), CHUNK))
    assert speak(later, CHUNK, voice(server, tmp_path)) == first
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "other",
    [
        (replace(TURN, id="SM2"), CHUNK),
        (TURN, replace(CHUNK, media=replace(WORDS, words="Good bye."))),
        (TURN, replace(CHUNK, media=replace(WORDS, language="de"))),
    ],
)
def test_another_turn_or_other_words_are_another_recording(server, tmp_path, other):
    it = voice(server, tmp_path)
    assert speak(TURN, CHUNK, it).url != speak(*other, it).url
    assert len(server.requests) == 2


@pytest.mark.parametrize("at", [0, 1])
def test_a_worker_killed_at_any_write_never_makes_it_paid_twice(server, tmp_path, at):
    keys = []

    def killing(key):
        keys.append(key)
        if len(keys) == at + 1:
            raise KilledError

    with pytest.raises(KilledError):
        speak(TURN, CHUNK, voice(server, tmp_path, killing))
    again = speak(TURN, CHUNK, voice(server, tmp_path))
    assert len(server.requests) == 1
    # Before it was paid, it is made; where it may have been, the text has to do.
    assert (again is None) == (at == 1)


def test_a_speaker_that_fails_is_asked_once(tmp_path, caplog):
    with peer(answer(500, b"Hello there.")) as server:
        assert speak(TURN, CHUNK, voice(server, tmp_path)) is None
        assert speak(TURN, CHUNK, voice(server, tmp_path)) is None
        assert len(server.requests) == 1
    told = [(one.levelname, one.getMessage(), getattr(one, "code", "")) for one in caplog.records]
    assert ("ERROR", "answer not spoken", "speech") in told
    assert "Hello there" not in "".join(str(vars(one)) for one in caplog.records)


def test_a_speaker_that_hangs_costs_its_time_and_no_more(tmp_path):
    with peer(say_nothing) as server:
        assert speak(TURN, CHUNK, voice(server, tmp_path, seconds=3.3)) is None


def test_a_store_that_fails_is_asked_before_anything_is_paid(server, tmp_path):
    def failing(_key):
        raise StoreError("not now")

    assert speak(TURN, CHUNK, voice(server, tmp_path, failing)) is None
    assert server.requests == []


def test_a_chunk_without_words_has_no_voice(server, tmp_path):
    place = OutboundMedia(OutboundKind.FILE, url="https://example.org/a.pdf")
    assert speak(TURN, Chunk("text", media=place), voice(server, tmp_path)) is None
    assert speak(TURN, Chunk("text"), voice(server, tmp_path)) is None
    assert server.requests == []
