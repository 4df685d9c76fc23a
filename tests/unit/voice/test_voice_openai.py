"""A server that writes recordings down: asked once, and again only where that costs nothing."""

import email
import json
import socket
import threading
import time

import pytest

from lib.media.errors import MediaTooLargeError, MediaUnheardNowError
from lib.stopping import Stop, StoppedError
from lib.voice.openai_transcriber import OpenAITranscriber
from tests.peer import answer, drip, hang_up, peer, say_nothing

pytestmark = pytest.mark.slow

KEY = "sk-secret-of-ours"
AUDIO = b"OggS" + bytes(range(256))
HEARD = answer(200, b'{"text": "Hello there.", "language": "english", "duration": 2.5}')
BUSY = answer(503, b"{}", "Retry-After: 0")
SLOW = answer(429, b"{}", "Retry-After: 1")
NO_FORMAT = answer(
    400,
    b'{"error": {"message": "response_format \'verbose_json\' is not compatible with model"}}',
)


def transcriber(server, key=KEY):
    return OpenAITranscriber(f"{server.url}/v1", key, "whisper-1")


def hear(server, *, seconds=5.0, language="", kind="audio/ogg", stop=None, by=None):
    by = by or transcriber(server)
    return by.transcribe(AUDIO, kind, language, seconds, stop or Stop())


def form(request):
    """The fields of a request, and the name and type of its file."""
    head, _, body = request.partition(b"\r\n\r\n")
    kind = next(one for one in head.split(b"\r\n") if one.lower().startswith(b"content-type:"))
    parts = email.message_from_bytes(kind + b"\r\n\r\n" + body).get_payload()
    named = {one.get_param("name", header="content-disposition"): one for one in parts}
    file = named.pop("file")
    assert file.get_payload(decode=True) == AUDIO
    fields = {name: one.get_payload() for name, one in named.items()}
    return fields, (file.get_filename(), file.get_content_type())


def test_a_recording_is_sent_as_a_form_with_our_key():
    with peer(HEARD) as server:
        said = hear(server)
    assert (said.text, said.language, said.seconds) == ("Hello there.", "en", 2.5)
    (request,) = server.requests
    assert request.startswith(b"POST /v1/audio/transcriptions HTTP/1.1\r\n")
    assert f"Authorization: Bearer {KEY}".encode() in request
    fields = {"model": "whisper-1", "response_format": "verbose_json"}
    assert form(request) == (fields, ("voice.ogg", "audio/ogg"))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("audio/ogg", "voice.ogg"),
        ("audio/mpeg", "voice.mp3"),
        ("audio/mp4", "voice.m4a"),
        ("audio/aac", "voice.aac"),
        ("audio/amr", "voice.amr"),
        ("audio/wav", "voice.wav"),
        ("audio/webm", "voice.webm"),
    ],
)
def test_a_file_is_named_by_its_kind(kind, name):
    with peer(HEARD) as server:
        hear(server, kind=kind)
    assert form(server.requests[0])[1] == (name, kind)


def test_a_language_that_was_chosen_is_told_and_no_key_without_one():
    with peer(HEARD) as server:
        hear(server, language="en", by=transcriber(server, key=""))
    assert form(server.requests[0])[0]["language"] == "en"
    assert b"authorization" not in server.requests[0].lower()


def test_a_server_that_knows_json_only_is_asked_so_once_more_and_ever_after():
    with peer(NO_FORMAT, HEARD) as server:
        by = transcriber(server)
        assert hear(server, by=by).text == "Hello there."
        assert hear(server, by=by).text == "Hello there."
    formats = [form(one)[0]["response_format"] for one in server.requests]
    assert formats == ["verbose_json", "json", "json"]


def test_a_server_that_knows_no_format_is_asked_twice():
    with peer(NO_FORMAT) as server, pytest.raises(MediaUnheardNowError):
        hear(server)
    assert len(server.requests) == 2


@pytest.mark.parametrize("steps", [(BUSY, HEARD), (SLOW, HEARD), (BUSY, BUSY, HEARD)])
def test_what_was_surely_not_worked_on_is_asked_again(steps):
    with peer(*steps) as server:
        assert hear(server).text == "Hello there."
    assert len(server.requests) == len(steps)


def test_it_is_asked_again_twice_at_most():
    with peer(BUSY) as server, pytest.raises(MediaUnheardNowError):
        hear(server)
    assert len(server.requests) == 3


def test_nobody_waits_for_longer_than_there_is_time():
    began = time.monotonic()
    late = answer(429, b"{}", "Retry-After: 60")
    with peer(late) as server, pytest.raises(MediaUnheardNowError):
        hear(server)
    assert len(server.requests) == 1
    assert time.monotonic() - began < 2


def cut(connection):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"text"')
    hang_up(connection)


def endless(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


PAGE = b"<!DOCTYPE html><title>secret words</title>"


@pytest.mark.parametrize(
    "step",
    [
        answer(401),
        answer(403, PAGE),
        answer(404),
        answer(400, b'{"error": {"message": "secret words"}}'),
        answer(429),
        answer(500),
        answer(502, PAGE),
        answer(504),
        answer(302, b"", "Location: http://127.0.0.1:1/"),
        answer(200, PAGE),
        answer(200, b"[" * 100_000),
        answer(200, b'{"text": 7}'),
        answer(204, b""),
        cut,
        hang_up,
        endless,
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_whatever_else_it_does_it_is_one_error_and_not_asked_again(step, caplog):
    with peer(step) as server, pytest.raises(MediaUnheardNowError) as told:
        hear(server)
    assert len(server.requests) == 1
    logged = [(one.levelname, one.message, one.code) for one in caplog.records]
    assert logged == [("ERROR", "recording not heard", "media_unheard_now")]
    for text in (str(told.value), *(one.reason for one in caplog.records)):
        assert "secret" not in text
        assert len(text) < 80


@pytest.mark.parametrize("step", [say_nothing, drip])
def test_a_server_that_hangs_costs_its_time_and_no_more(step):
    began = time.monotonic()
    with peer(step) as server, pytest.raises(MediaUnheardNowError):
        hear(server, seconds=0.4)
    assert len(server.requests) == 1
    assert time.monotonic() - began < 2


def test_a_recording_that_is_too_large_for_it_is_told_to_be_so():
    with peer(answer(413)) as server, pytest.raises(MediaTooLargeError):
        hear(server)


def test_nobody_at_home_is_tried_three_times():
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        by = OpenAITranscriber(f"http://127.0.0.1:{unheard.getsockname()[1]}", KEY, "whisper-1")
        began = time.monotonic()
        with pytest.raises(MediaUnheardNowError):
            by.transcribe(AUDIO, "audio/ogg", "", 5.0, Stop())
    assert 0.9 < time.monotonic() - began < 4


@pytest.mark.parametrize("step", [say_nothing, answer(503, b"{}", "Retry-After: 4")])
def test_an_order_to_stop_ends_it_at_once(step):
    stop = Stop()
    began = time.monotonic()
    threading.Timer(0.2, stop.give).start()
    with peer(step) as server, pytest.raises(StoppedError):
        hear(server, stop=stop)
    assert time.monotonic() - began < 2


def test_a_long_transcription_is_read():
    segments = [{"start": n, "end": n + 1, "tokens": list(range(50))} for n in range(2000)]
    body = json.dumps({"text": "word " * 4000, "segments": segments}).encode()
    with peer(answer(200, body)) as server:
        assert len(hear(server).text) == 19_999
