"""Slow, idle and ambiguous connections to a server on a real socket."""

import resource
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

import pytest

from standalone.connections import MOST_CONNECTIONS, most_connections
from standalone.listener import server_on
from standalone.sockets import listen
from tests.processes import wait_for

pytestmark = pytest.mark.slow

HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SLOW = {
    "idle": b"",
    "half a head": HEAD[:20],
    "a head": HEAD + b"Content-Length: 100\r\n\r\nx",
    "a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
    "expecting": HEAD + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
}


def app(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d bytes" % len(body)]


@contextmanager
def serving(**options):
    """Run a server in a thread; give its port."""
    listener = listen("127.0.0.1", 0)
    server = server_on(listener, app, **{"threads": 4, "largest_request": 100_000, **options})
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown()
        # In the thread of its loop, which is woken up for it.
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        thread.join(5)


def connected(port, data, stack):
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
    connection.sendall(data)
    return connection


def answered(port, seconds=30.0, path="/"):
    """How long a plain request takes to be answered."""
    started = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
    connection.request("POST", path, b"hello")
    assert connection.getresponse().read() == b"5 bytes"
    connection.close()
    return time.monotonic() - started


def exchange(port, data, seconds=30.0):
    """Everything that is answered to some bytes until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        connection.sendall(data)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


def gone(connection):
    """Send one more byte; whether nobody takes it any more."""
    try:
        connection.sendall(b"x")
    except OSError:
        return True
    return False


@pytest.fixture
def descriptors():
    """Let a test have a few descriptors only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("count", [100, 110, 500])
@pytest.mark.parametrize("kind", SLOW)
def test_slow_connections_shut_nobody_out(kind, count):
    with serving() as port, ExitStack() as stack:
        for _ in range(count):
            connected(port, SLOW[kind], stack)
        assert answered(port) < 12


@pytest.mark.parametrize("kind", SLOW)
def test_more_connections_than_there_is_room_for_shut_nobody_out(kind, monkeypatch):
    monkeypatch.setattr("standalone.listener.most_connections", lambda: 50)
    with serving() as port, ExitStack() as stack:
        for _ in range(300):
            connected(port, SLOW[kind], stack)
        assert answered(port) < 12


def test_where_all_descriptors_are_used_up_somebody_new_still_gets_in(descriptors):
    with serving() as port, ExitStack() as stack:
        mine = [connected(port, b"", stack) for _ in range(40)]
        # The server shares them with this test, whose own ones are not to fail.
        highest = max(one.fileno() for one in mine)
        spare = [stack.enter_context(socket.socket()) for _ in range(3)]
        descriptors(highest + 45)
        with spare[0] as client:
            client.settimeout(20)
            client.connect(("127.0.0.1", port))
            client.sendall(HEAD + b"Content-Length: 2\r\n\r\nhi")
            answer = client.recv(1000)
            while b"2 bytes" not in answer and (more := client.recv(1000)):
                answer += more
            assert b"2 bytes" in answer


def test_a_request_that_drips_is_given_up_in_time():
    with serving(arrival=1.0) as port, ExitStack() as stack:
        slow = connected(port, SLOW["a head"], stack)
        started = time.monotonic()
        wait_for(lambda: gone(slow), interval=0.2)
        assert time.monotonic() - started < 30


@pytest.mark.parametrize("kind", SLOW)
def test_silence_is_given_up_in_time(kind):
    with serving(arrival=1.0) as port, ExitStack() as stack:
        slow = connected(port, SLOW[kind], stack)
        started = time.monotonic()
        while slow.recv(1000):
            continue
        assert 0.9 < time.monotonic() - started < 30


def test_a_kept_connection_may_ask_again_within_the_time_and_is_closed_after_it():
    with serving(arrival=1.0) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(4):
            connection.request("POST", "/", b"hello")
            assert connection.getresponse().read() == b"5 bytes"
            time.sleep(0.5)
        started = time.monotonic()
        assert connection.sock.recv(1) == b""
        assert time.monotonic() - started < 8
        connection.close()


def test_an_answer_may_take_longer_than_a_request_and_makes_no_room(monkeypatch):
    monkeypatch.setattr("standalone.listener.most_connections", lambda: 20)
    with serving(arrival=1.0) as port, ExitStack() as stack:
        answers = []
        work = threading.Thread(target=lambda: answers.append(answered(port, path="/slow")))
        work.start()
        time.sleep(0.3)
        for _ in range(60):
            connected(port, b"", stack)
        work.join(10)
        assert answers
        assert answers[0] > 1.4


HELLO = b"5\r\nhello\r\n0\r\n\r\n"
SECOND = b"GET /second HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 15\r\n",
        b"transfer-encoding:chunked\r\nCONTENT-LENGTH:0\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        b"Transfer-Encoding: , chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: 15\r\nContent-Length: 15\r\n",
        b"Content-Length: 15\r\nContent-Length: 0\r\n",
        b"Content-Length: 15, 15\r\n",
        b"Content-Length: +15\r\n",
        b"Content-Length: 0x0f\r\n",
        b"Content-Length: 1_5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 15\r\nHost: y\r\n",
        b"Content-Length:\r\n 15\r\n",
    ],
)
def test_a_request_whose_end_is_unclear_is_refused_and_its_connection_closed(head):
    with serving() as port:
        answer = exchange(port, HEAD + head + b"\r\n" + HELLO + SECOND)
    statuses = [
        line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.") and line[8:9] == b" "
    ]
    assert len(statuses) == 1, answer
    assert statuses[0].split()[1] in {b"400", b"501"}


def test_http_1_0_has_no_transfer_coding():
    head = b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving() as port:
        answer = exchange(port, head + HELLO + SECOND)
    assert [one[9:12] for one in answer.split(b"\r\n") if one.startswith(b"HTTP/1.0 ")] == [b"400"]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 15\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"transfer-encoding: CHUNKED\r\n",
    ],
)
def test_one_clear_end_is_as_good_as_another(head):
    with serving() as port:
        last = SECOND.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        answer = exchange(port, HEAD + head + b"\r\n" + HELLO + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_connections_leave_descriptors_for_answering(descriptors):
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert most_connections() == min(MOST_CONNECTIONS, soft // 2)
    descriptors(256)
    assert most_connections() == 128
