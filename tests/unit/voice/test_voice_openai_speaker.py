"""A server of OpenAI's protocol that reads texts out, and all that may come instead."""

import json
import time

import pytest

from lib.voice.errors import SpeechError
from lib.voice.openai_speaker import OpenAISpeaker
from tests.peer import answer, drip, hang_up, peer, say_nothing
from tests.processes import free_port

# A frame of silence: MPEG 1, layer 3, 128 kbit/s, 44.1 kHz (ISO 11172-3, 2.4.1.3).
MP3 = b"\xff\xfb\x90\x00" + bytes(413)
SPOKEN = answer(200, MP3 * 10, "Content-Type: audio/mpeg")


def speaker(url, key="k3y"):
    return OpenAISpeaker(f"{url}/v1", "tts-1", "alloy", key)


def asked(request):
    head, _, body = request.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), json.loads(body)


def test_a_text_is_read_out_as_mp3():
    with peer(SPOKEN) as there:
        audio = speaker(there.url).speak("Grüße.", "de", 5.0)
        head, body = asked(there.requests[0])
    assert (audio.data, audio.content_type) == (MP3 * 10, "audio/mpeg")
    assert head[0] == "POST /v1/audio/speech HTTP/1.1"
    assert {"Authorization: Bearer k3y", "Content-Type: application/json"} < set(head)
    assert body == {
        "model": "tts-1",
        "voice": "alloy",
        "input": "Grüße.",
        "response_format": "mp3",
    }


def test_without_a_key_nobody_logs_in():
    with peer(SPOKEN) as there:
        speaker(there.url, key="").speak("Hello.", "", 5.0)
        head, _ = asked(there.requests[0])
    assert not any(line.lower().startswith("authorization") for line in head)


def test_no_more_is_asked_for_than_the_server_takes():
    with peer(SPOKEN) as there:
        speaker(there.url).speak("x" * 5000, "", 5.0)
        _, body = asked(there.requests[0])
    assert body["input"] == "x" * 4096


@pytest.mark.parametrize(
    "frame", [b"ID3\x04" + bytes(20), b"\xff\xf3\x84\xc4" + bytes(20), b"\xff\xfa\x90" + bytes(20)]
)
def test_every_kind_of_mp3_is_taken(frame):
    with peer(answer(200, frame)) as there:
        assert speaker(there.url).speak("Hello.", "", 5.0).data == frame


def endless(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n" + MP3)
    while True:
        connection.sendall(bytes(65536))


def broken(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4170\r\n\r\n" + MP3)
    hang_up(connection)


FAULTS = {
    "not let in": answer(401, b'{"error": {"message": "Incorrect API key: k3y"}}'),
    "refused": answer(403),
    "too many": answer(429, b"{}", "Retry-After: 1"),
    "broken server": answer(500, b"<html>"),
    "elsewhere": answer(302, b"", "Location: http://169.254.169.254/"),
    "no content": answer(204, b""),
    "a page": answer(200, b"<!doctype html><html></html>", "Content-Type: audio/mpeg"),
    "JSON": answer(200, b'{"audio": ""}'),
    "nothing": answer(200, b""),
    "ogg": answer(200, b"OggS" + bytes(100), "Content-Type: audio/mpeg"),
    "wav": answer(200, b"RIFF\x24\x00\x00\x00WAVEfmt ", "Content-Type: audio/mpeg"),
    "AAC": answer(200, b"\xff\xf1\x50\x80" + bytes(100)),
    "too large": answer(200, MP3 + bytes(6 * 1024 * 1024)),
    "endless": endless,
    "cut": broken,
    "hung up": hang_up,
    "silence": say_nothing,
    "drop by drop": drip,
    "no HTTP": b"ICY 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_recording_is_an_error_and_asked_for_once(fault):
    with peer(FAULTS[fault]) as there:
        started = time.monotonic()
        with pytest.raises(SpeechError) as failure:
            speaker(there.url).speak("A secret.", "", 0.5)
        assert time.monotonic() - started < 3
        assert len(there.requests) == 1
    assert "k3y" not in str(failure.value)
    assert "secret" not in str(failure.value)


def test_nobody_there_is_an_error():
    with pytest.raises(SpeechError):
        speaker(f"http://127.0.0.1:{free_port()}").speak("Hello.", "", 1.0)


def test_without_time_nobody_is_asked():
    with peer(SPOKEN) as there:
        with pytest.raises(SpeechError):
            speaker(there.url).speak("Hello.", "", 0.0)
        assert there.requests == []
