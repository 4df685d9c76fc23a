import contextlib
import io
from http.client import HTTPResponse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.web.answer import BrokenAnswerError, read_answer
from lib.web.errors import OversizeError

MOST_BYTES = 64 * 1024

OK = b"HTTP/1.1 200 OK\r\n"


def read(raw: bytes):
    return read_answer(io.BufferedReader(io.BytesIO(raw)), MOST_BYTES)


class FromBytes:
    """As much of a socket as the standard library's reader needs."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode):
        return io.BytesIO(self._raw)


def read_by_the_standard_library(raw: bytes):
    response = HTTPResponse(FromBytes(raw), method="POST")
    response.begin()
    return response.status, response.read(), response.will_close


WHOLE = {
    "with a length": OK + b"Content-Length: 2\r\n\r\n{}",
    "empty": OK + b"content-length:0\r\n\r\n",
    "another status": b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone",
    "no reason": b"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n",
    "chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunked, with all that may be": OK
    + b"Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n"
    + b"0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
    "until the end": OK + b"\r\nall of it",
    "the last one": OK + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "after a continue": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}",
    "nothing to read": b"HTTP/1.1 204 No Content\r\n\r\n",
    "bare line ends": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
}


@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
def test_it_reads_what_the_standard_library_reads(raw):
    answer = read(raw)
    assert (answer.status, answer.body, answer.last) == read_by_the_standard_library(raw)


@pytest.mark.parametrize("raw", [WHOLE["with a length"], WHOLE["chunked, with all that may be"]])
def test_nothing_less_than_the_whole_is_an_answer(raw):
    for cut in range(len(raw)):
        with pytest.raises(BrokenAnswerError):
            read(raw[:cut])


def test_the_next_answer_is_left_where_it_is():
    stream = io.BufferedReader(io.BytesIO(WHOLE["chunked"] + WHOLE["another status"]))
    assert [read_answer(stream, MOST_BYTES).status for _ in range(2)] == [200, 404]


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 -20\r\n\r\n",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 1_0\r\n\r\n0123456789",
        OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        OK + b"X: x\r\n" * 1000 + b"\r\n",
    ],
)
def test_what_is_no_http_is_an_error(raw):
    with pytest.raises(BrokenAnswerError):
        read(raw)


HUGE = b"x" * (MOST_BYTES + 1)


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"\r\n" + HUGE,
        OK + b"Content-Length: 99999999999\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"8000\r\n"
        + HUGE[:0x8000]
        + b"\r\n8001\r\n"
        + HUGE[:0x8001]
        + b"\r\n0\r\n\r\n",
    ],
)
def test_an_answer_has_a_limit(raw):
    with pytest.raises(OversizeError):
        read(raw)


def test_an_answer_of_very_many_chunks_is_too_large():
    raw = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 110_000 + b"0\r\n\r\n"
    with pytest.raises(OversizeError):
        read_answer(io.BufferedReader(io.BytesIO(raw)), 1024 * 1024)


@given(st.binary(max_size=200), st.booleans())
def test_garbage_is_an_error_and_nothing_worse(garbage, begun):
    with contextlib.suppress(BrokenAnswerError, OversizeError):
        read((OK if begun else b"") + garbage)
