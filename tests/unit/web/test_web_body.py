"""What of a response is read, however it is framed, and what is none."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.web.client import Client
from lib.web.direct import DirectClient
from lib.web.errors import ExchangeError, LateError, OversizeError, UnreachedError
from tests.peer import answer, hang_up, peer

MOST_BYTES = 64 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(params=[Client, DirectClient])
def client(request):
    made = request.param()
    yield made
    made.close()


def ask(client, there):
    response = client.request("POST", there.url, {}, b"{}", 20.0, MOST_BYTES)
    return response.status, response.body


def cut(sent):
    """Send this, and close."""

    def step(connection):
        connection.sendall(sent)
        hang_up(connection)

    return step


WHOLE = {
    "with a length": (OK + b"Content-Length: 2\r\n\r\n{}", (200, b"{}")),
    "empty": (OK + b"content-length:0\r\n\r\n", (200, b"")),
    "no reason": (b"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n", (503, b"")),
    "chunked": (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", (200, b"{}")),
    "chunked, with all that may be": (
        CHUNKED + b"1;a=b\r\n{\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
        (200, b"{0123456789"),
    ),
    "after a continue": (
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}",
        (200, b"{}"),
    ),
    "nothing to read": (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
}


@pytest.mark.parametrize(("sent", "read"), WHOLE.values(), ids=WHOLE)
def test_a_body_is_read_however_it_is_framed_and_the_next_one_after_it(client, sent, read):
    with peer(sent, answer(404, b"none")) as there:
        assert ask(client, there) == read
        assert ask(client, there) == (404, b"none")
        assert there.connections == 1


def test_an_old_server_ends_its_response_by_closing():
    with peer(cut(b"HTTP/1.0 200 OK\r\n\r\nall of it")) as there:
        assert ask(Client(), there) == (200, b"all of it")


@pytest.mark.parametrize("name", ["with a length", "chunked, with all that may be"])
def test_nothing_less_than_the_whole_body_is_a_response(client, name):
    sent, _ = WHOLE[name]
    last = b"}" if name == "with a length" else b"0\r\n"
    begin, end = sent.index(b"\r\n\r\n") + 4, sent.rindex(last)
    with peer(*[cut(sent[:size]) for size in range(begin, end)]) as there:
        for _ in range(begin, end):
            with pytest.raises(ExchangeError):
                ask(client, there)


def test_who_publishes_takes_no_response_that_was_cut_in_its_head():
    sent, _ = WHOLE["with a length"]
    sizes = range(sent.index(b"{"))
    client = DirectClient()
    with peer(*[cut(sent[:size]) for size in sizes]) as there:
        for _ in sizes:
            with pytest.raises(ExchangeError):
                ask(client, there)


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Content-Length: 99999999999\r\n\r\n" + bytes(MOST_BYTES + 1),
        CHUNKED + b"10001\r\n" + bytes(MOST_BYTES + 1) + b"\r\n0\r\n\r\n",
        CHUNKED + (b"1\r\nx\r\n" * (MOST_BYTES + 1)) + b"0\r\n\r\n",
    ],
    ids=["a length", "a chunk", "many chunks"],
)
def test_a_body_has_a_limit(client, sent):
    with peer(sent) as there, pytest.raises(OversizeError):
        ask(client, there)


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 -20\r\n\r\n",
        CHUNKED + b"xyz\r\n",
        OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        OK + b"X: x\r\n" * 1000 + b"\r\n",
    ],
    ids=["no HTTP", "no status", "no number", "no chunk", "a long header", "many headers"],
)
def test_what_is_no_http_is_an_error(client, sent):
    with peer(cut(sent)) as there, pytest.raises(ExchangeError) as failure:
        ask(client, there)
    assert not isinstance(failure.value, UnreachedError | LateError)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200), st.sampled_from([b"", OK, CHUNKED]))
def test_garbage_is_an_error_and_nothing_worse(client, garbage, begun):
    with peer(cut(begun + garbage)) as there, contextlib.suppress(ExchangeError):
        ask(client, there)
