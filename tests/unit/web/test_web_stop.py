"""An order to stop closes the connection, wherever the exchange waits."""

import contextlib
import socket
import threading
import time

import pytest

from lib.stopping import Stop, StoppedError
from lib.web.client import Client
from tests.certificates import certificate_in, server_context
from tests.peer import answer, peer, say_nothing
from tests.processes import wait_for

SECONDS = 60.0
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def client():
    made = Client(proxies=False)
    yield made
    made.close()


def told_once(reached, stop):
    """Give the order once the other side is where the test wants it, and a moment later."""

    def tell():
        reached.wait(SECONDS)
        time.sleep(0.05)
        stop.give()

    threading.Thread(target=tell, daemon=True).start()


def stopped(client, url, stop, body=b"{}"):
    """Seconds until the exchange was ended by the order."""
    started = time.monotonic()
    with (
        pytest.raises(StoppedError),
        client.stream("POST", url, {}, body, SECONDS, stop=stop) as response,
    ):
        for _ in response.body:
            pass
    return time.monotonic() - started


def waiting(beginning, reached):
    def step(connection):
        connection.sendall(beginning)
        reached.set()
        say_nothing(connection)

    return step


BEGINNINGS = {
    "the first byte": b"",
    "the head": b"HTTP/1.1 200 OK\r\nX: ",
    "the first part": CHUNKED,
    "the next part": CHUNKED + b"1\r\nx\r\n",
    "the rest of a chunk": CHUNKED + b"ffff\r\nx",
    "a body to the end": b"HTTP/1.1 200 OK\r\n\r\nx",
    "a body of a length": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_whoever_waits_for_a_response_is_ended_and_its_connection_closed(client, beginning):
    reached, stop = threading.Event(), Stop()
    with peer(waiting(beginning, reached), answer(200, b"next")) as there:
        told_once(reached, stop)
        assert stopped(client, there.url, stop) < SECONDS / 2
        wait_for(lambda: there.open_connections() == 0)
        assert client.request("GET", there.url, {}, b"", SECONDS).body == b"next"


def test_a_connection_that_was_kept_is_ended_like_a_new_one(client):
    reached, stop = threading.Event(), Stop()
    with peer(answer(200), waiting(CHUNKED, reached), answer(200, b"next")) as there:
        client.request("GET", there.url, {}, b"", SECONDS)
        told_once(reached, stop)
        assert stopped(client, there.url, stop) < SECONDS / 2
        assert there.connections == 1
        wait_for(lambda: there.open_connections() == 0)


def test_whoever_sends_what_nobody_takes_is_ended(client):
    stop, reached = Stop(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        reached.set()
        told_once(reached, stop)
        assert stopped(client, url, stop, bytes(64 * 1024 * 1024)) < SECONDS / 2


def test_whoever_waits_for_a_name_or_a_connection_is_ended(client, monkeypatch):
    look_up, reached, found, stop = socket.getaddrinfo, threading.Event(), threading.Event(), Stop()

    def slow_look_up(*arguments):
        reached.set()
        found.wait(SECONDS)
        return look_up("127.0.0.1", *arguments[1:])

    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    with peer(answer(200)) as there:
        url = there.url.replace("127.0.0.1", "assistant.invalid")
        told_once(reached, stop)
        assert stopped(client, url, stop) < SECONDS / 2
        found.set()
        wait_for(lambda: there.open_connections() == 0)
        assert there.requests == []


@pytest.mark.parametrize("is_agreed", [False, True])
def test_whoever_waits_over_tls_is_ended(client, tmp_path, monkeypatch, is_agreed):
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    reached, closed, stop = threading.Event(), threading.Event(), Stop()

    def serve():
        connection, _ = server.accept()
        with contextlib.suppress(OSError), connection:
            if is_agreed:
                tls = server_context(certificate)
                with tls.wrap_socket(connection, server_side=True) as agreed:
                    drain(agreed)
            else:
                drain(connection)
        closed.set()

    def drain(connection):
        while connection.recv(65536):
            reached.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        told_once(reached, stop)
        assert stopped(client, f"https://127.0.0.1:{server.getsockname()[1]}", stop) < SECONDS / 2
        assert closed.wait(SECONDS)


def test_an_order_that_was_given_before_lets_nothing_begin(client):
    stop = Stop()
    stop.give()
    with peer(answer(200)) as there:
        stopped(client, there.url, stop)
        assert there.requests == []


def test_what_else_a_thread_sends_while_it_reads_is_not_ended(client):
    stop = Stop()
    with (
        peer(CHUNKED + b"1\r\nx\r\n") as there,
        peer(answer(200, b"sent")) as other,
        client.stream("POST", there.url, {}, b"", SECONDS, stop=stop) as response,
    ):
        assert next(response.body) == b"x"
        stop.give()
        assert client.request("GET", other.url, {}, b"", SECONDS).body == b"sent"
        with pytest.raises(StoppedError):
            next(response.body)


def test_an_order_after_the_end_leaves_the_connection_to_others(client):
    stop = Stop()
    with peer(answer(200, b"first"), answer(200, b"next")) as there:
        with client.stream("POST", there.url, {}, b"", SECONDS, stop=stop) as response:
            assert b"".join(response.body) == b"first"
        stop.give()
        assert client.request("GET", there.url, {}, b"", SECONDS).body == b"next"
        assert there.connections == 1
