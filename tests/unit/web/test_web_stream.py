"""A response that is read while it arrives."""

import contextlib
import gzip
import threading
import time
import zlib

import pytest

from lib.web.client import Client
from lib.web.errors import ExchangeError, LateError, OversizeError, UnreachedError
from tests.peer import answer, hang_up, peer, say_nothing
from tests.processes import free_port, wait_for

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
SECONDS = 20.0


def chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


@pytest.fixture
def client():
    made = Client(proxies=False)
    yield made
    made.close()


def stream(client, there, seconds=SECONDS, most_bytes=1024 * 1024):
    return client.stream("POST", there.url, {}, b"{}", seconds, most_bytes)


def test_the_head_and_each_part_are_there_before_the_next_is_sent(client):
    read = [threading.Event() for _ in range(3)]

    def one_by_one(connection):
        connection.sendall(CHUNKED + b"\r\n")
        for number, event in enumerate(read):
            event.wait(SECONDS)
            connection.sendall(chunk(b"part %d" % number))
        connection.sendall(chunk(b""))

    with peer(one_by_one, answer(200, b"next")) as there:
        with stream(client, there) as response:
            assert (response.status, response.headers["content-type"]) == (200, "text/event-stream")
            parts = []
            for event in read:
                event.set()
                parts.append(next(response.body))
            assert parts == [b"part 0", b"part 1", b"part 2"]
            assert list(response.body) == []
        with stream(client, there) as response:
            assert b"".join(response.body) == b"next"
        assert there.connections == 1


def compressed_chunks(method, *parts):
    """What a server sends that compresses, and sends what it has after each part."""
    if method == "gzip":
        compressor = zlib.compressobj(wbits=zlib.MAX_WBITS + 16)
    else:
        compressor = zlib.compressobj()
    sent = [compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH) for part in parts]
    return [*sent, compressor.flush()]


@pytest.mark.parametrize("method", ["gzip", "deflate"])
def test_what_is_compressed_is_decompressed_as_it_arrives(client, method):
    read = threading.Event()
    first, second, end = compressed_chunks(method, b"first", b"second")

    def compressed(connection):
        connection.sendall(CHUNKED + b"Content-Encoding: %b\r\n\r\n" % method.encode())
        connection.sendall(chunk(first))
        read.wait(SECONDS)
        connection.sendall(chunk(second) + chunk(end) + chunk(b""))

    with peer(compressed) as there, stream(client, there) as response:
        assert next(response.body) == b"first"
        read.set()
        assert b"".join(response.body) == b"second"


def test_compression_is_asked_for_by_a_header(client):
    body = gzip.compress(b"text")
    with peer(answer(200, body, "Content-Encoding: gzip")) as there:
        headers = {"Accept-Encoding": "gzip"}
        response = client.request("GET", there.url, headers, b"", SECONDS)
        assert (response.body, response.headers["content-encoding"]) == (b"text", "gzip")
        assert there.requests[0].lower().count(b"accept-encoding: gzip\r\n") == 1


def test_a_body_that_is_no_gzip_is_an_error(client):
    with (
        peer(answer(200, b"no gzip at all", "Content-Encoding: gzip")) as there,
        pytest.raises(ExchangeError),
        stream(client, there) as response,
    ):
        list(response.body)


def test_a_few_kilobytes_that_decompress_to_a_hundred_megabytes_are_too_large(client):
    bomb = gzip.compress(gzip.compress(bytes(100 * 1024 * 1024)))
    headers = ("Content-Encoding: gzip, gzip",)
    with peer(answer(200, bomb, *headers)) as there, stream(client, there) as response:
        read = []
        with pytest.raises(OversizeError):
            read.extend(response.body)
        assert sum(map(len, read)) <= 1024 * 1024


def test_a_stream_without_end_is_too_large_however_small_its_chunks_are(client):
    def endless(connection):
        connection.sendall(CHUNKED + b"\r\n")
        while True:
            connection.sendall(chunk(b"x") * 1000)

    with peer(endless) as there:
        with pytest.raises(OversizeError), stream(client, there) as response:
            for _ in response.body:
                pass
        wait_for(lambda: there.open_connections() == 0)


def drip_body(connection):
    connection.sendall(CHUNKED + b"\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(chunk(b"x"))
            time.sleep(0.05)


def drip_in_a_chunk(connection):
    connection.sendall(CHUNKED + b"\r\nffff\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)


def fall_silent(connection):
    connection.sendall(CHUNKED + b"\r\n" + chunk(b"x"))
    say_nothing(connection)


@pytest.mark.parametrize("step", [drip_body, drip_in_a_chunk, fall_silent])
def test_the_deadline_is_that_of_the_whole_stream(client, step):
    with peer(step) as there:
        started, parts = time.monotonic(), []
        with pytest.raises(LateError), stream(client, there, 0.6) as response:
            parts.extend(response.body)
        assert time.monotonic() - started >= 0.6
        wait_for(lambda: there.open_connections() == 0)


CUT = {
    "in a length": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
    "in a chunk": CHUNKED + b"\r\n9\r\npart",
    "after a chunk": CHUNKED + b"\r\n" + chunk(b"part"),
    "in the length of a chunk": CHUNKED + b"\r\n" + chunk(b"part") + b"1",
}


@pytest.mark.parametrize("sent", CUT.values(), ids=CUT)
def test_a_stream_that_ends_early_is_an_error_after_what_had_arrived(client, sent):
    def cut(connection):
        connection.sendall(sent)
        hang_up(connection)

    with peer(cut) as there, stream(client, there) as response:
        assert next(response.body) == b"part"
        with pytest.raises(ExchangeError):
            list(response.body)


def test_who_stops_reading_drops_the_rest_and_its_connection(client):
    with peer(drip_body, answer(200, b"next")) as there:
        with stream(client, there) as response:
            assert next(response.body) == b"x"
        wait_for(lambda: there.open_connections() == 0)
        assert client.request("GET", there.url, {}, b"", SECONDS).body == b"next"


def test_nobody_there_is_an_error_before_anything_is_sent(client):
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnreachedError), client.stream("GET", url, {}, b"", SECONDS):
        pass
