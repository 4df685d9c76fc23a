import threading
import time

import pytest

from lib.web.client import Client
from lib.web.direct import DirectClient
from lib.web.errors import (
    ExchangeError,
    LateError,
    OversizeError,
    UnreachedError,
    UnusableError,
)
from tests.peer import answer, drip, hang_up, peer, say_nothing, then_hang_up
from tests.processes import free_port, wait_for

FINE = answer(200, b"fine")


class Server:
    """One server, reached with a client of its own."""

    def __init__(self, url: str, client) -> None:
        self._url = f"{url}/path"
        self.client = client

    def ask(self, seconds: float = 5.0, **headers: str):
        return self.client.request("POST", self._url, headers, b"body", seconds, 100_000)


@pytest.fixture(params=[Client, DirectClient])
def to(request):
    """Makes what reaches a server, and closes it afterwards."""
    made = []

    def server(url: str, **options: float) -> Server:
        made.append(Server(url, request.param(**options)))
        return made[-1]

    yield server
    for one in made:
        one.client.close()


def ask(server: Server, seconds: float = 5.0, **headers: str) -> bytes:
    return server.ask(seconds, **headers).body


def test_a_request_is_whole_and_its_answer_is_returned(to):
    with peer(FINE) as there:
        assert ask(to(there.url), Name="value") == b"fine"
        (request,) = there.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /path HTTP/1.1"
    assert lines[1:3] == [f"Host: {there.host}", "Accept-Encoding: identity"]
    assert {"Name: value", "Content-Length: 4"} < set(lines)
    assert body == b"body"


def test_one_connection_serves_one_request_after_another(to):
    with peer(FINE) as there:
        server = to(there.url)
        for _ in range(20):
            ask(server)
        assert (len(there.requests), there.connections) == (20, 1)


@pytest.mark.parametrize("status", [302, 400, 404, 503])
def test_an_answer_other_than_success_is_returned_and_the_connection_is_kept(to, status):
    with peer(answer(status, b"", "Location: http://127.0.0.1:1/"), FINE) as there:
        server = to(there.url)
        assert server.ask().status == status
        assert ask(server) == b"fine"
        assert there.connections == 1


def test_a_response_that_asks_to_try_again_later_is_not_asked_for_again(to):
    with peer(answer(503, b"busy", "Retry-After: 0"), FINE) as there:
        client = to(there.url).client
        response = client.request("GET", there.url, {}, b"", 5.0, 1000)
        assert (response.status, response.headers["retry-after"]) == (503, "0")
        assert len(there.requests) == 1


@pytest.mark.parametrize("step", [then_hang_up(FINE), answer(200, b"fine", "Connection: close")])
def test_a_connection_that_the_server_closed_is_not_used_again(to, step):
    with peer(step) as there:
        server = to(there.url)
        for number in range(3):
            assert ask(server) == b"fine"
            wait_for(lambda: there.open_connections() == 0, 5, 0.01)
            assert there.connections == number + 1


def test_a_server_that_hangs_up_is_an_error(to):
    with peer(hang_up) as there, pytest.raises(ExchangeError):
        ask(to(there.url))


@pytest.mark.parametrize("step", [say_nothing, drip])
def test_the_time_is_that_of_the_whole_exchange(to, step):
    with peer(step) as there:
        server, started = to(there.url), time.monotonic()
        with pytest.raises(LateError):
            ask(server, 0.5)
        assert 0.5 <= time.monotonic() - started < 4
        wait_for(lambda: there.open_connections() == 0)


def test_a_handshake_that_never_ends_is_an_error_in_time(to):
    with peer(say_nothing) as there:
        server, started = to(f"https://{there.host}"), time.monotonic()
        with pytest.raises(UnreachedError):
            ask(server, 0.5)
        assert time.monotonic() - started < 4
        assert there.requests == []


def test_what_is_said_without_tls_is_not_sent_to_a_server_with_it(to):
    with peer(FINE) as there:
        server = to(f"https://{there.host}")
        with pytest.raises(ExchangeError):
            ask(server, 1, Authorization="Bearer secret")
        assert not any(b"secret" in request for request in there.requests)


@pytest.mark.parametrize("seconds", [0, -1])
def test_without_time_nothing_is_begun(to, seconds):
    with peer(FINE) as there:
        with pytest.raises(LateError):
            ask(to(there.url), seconds)
        assert there.connections == 0


def test_nobody_there_is_an_error_at_once(to):
    with pytest.raises(UnreachedError, match="ConnectionRefusedError"):
        ask(to(f"http://127.0.0.1:{free_port()}"))


def test_a_huge_answer_is_an_error_and_its_connection_is_closed(to):
    with peer(answer(200, b"x" * 1_000_000)) as there:
        with pytest.raises(OversizeError):
            ask(to(there.url))
        wait_for(lambda: there.open_connections() == 0)


def test_a_header_cannot_become_two(to):
    with peer(FINE) as there:
        with pytest.raises(UnusableError):
            ask(to(there.url), Authorization="Bearer x\r\nHost: elsewhere")
        assert there.connections == 0


def test_many_threads_share_the_connections_and_the_surplus_grows_old(to):
    with peer(FINE) as there:
        server, together = to(there.url, idle_seconds=0.2), threading.Barrier(32)

        def work():
            together.wait()
            for _ in range(10):
                assert ask(server) == b"fine"

        threads = [threading.Thread(target=work) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(there.requests) == 320
        assert there.connections <= 32
        time.sleep(0.3)
        ask(server)
        wait_for(lambda: there.open_connections() == 1)
