"""One POST, against servers that keep to no rule: raw sockets on this machine."""

import re
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from flask import Flask, Response, request

from lib.assistant.exchange import Exchange
from lib.assistant.hearing import Hearing
from lib.errors import AssistantError, AssistantRefusedError, AssistantTimeoutError
from lib.ports.listener import Silence
from simulator.server import serve
from tests.certificates import certificate_in, server_context

pytestmark = pytest.mark.slow

UNHEARD = Hearing(Silence(), {}, thinks_unsaid=False)
LONG = 60.0
MEBIBYTE = 1024 * 1024
LIMIT = 0.4
# Its handshake must be over by then, on a busy machine too: else nobody was reached.
TLS_LIMIT = 1.5
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"


def read_request(connection):
    """Read all of a request: who closes with some of it unread resets the connection."""
    head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1]) if head else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head


@contextmanager
def answering(script, tls=None):
    """Run ``script`` on each connection once its request is in; gives the server's address."""

    def serve_one(connection):
        # Whoever is cut off in the middle is what these tests are about.
        with suppress(OSError), connection:
            wrapped = tls.wrap_socket(connection, server_side=True) if tls else connection
            with wrapped:
                read_request(wrapped)
                script(wrapped)

    def run():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # closed
                return
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=run, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def trickling(beginning):
    def script(connection):
        connection.sendall(beginning)
        for _ in range(int(LONG / 0.05)):
            connection.sendall(b"a")
            time.sleep(0.05)

    return script


def post(url, *, headers=None, timeout=LIMIT):
    return Exchange().post(url, {"user_input": "Hello"}, headers or {}, timeout, UNHEARD)


SLOW = {
    "status": b"HTTP/1.1 2",
    "headers": b"HTTP/1.1 200 OK\r\nX-A: ",
    "body to the end": b"HTTP/1.1 200 OK\r\n\r\n",
    "body of a length": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    "chunk": CHUNKED + b"ffff\r\n",
    "body of a redirect": b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n",
    "body of a refusal": b"HTTP/1.1 403 Forbidden\r\n\r\n",
}


def timed_out(url, limit=LIMIT):
    started = time.monotonic()
    with pytest.raises(AssistantTimeoutError):
        post(url, timeout=limit)
    return time.monotonic() - started


@pytest.mark.parametrize("part", SLOW)
def test_no_part_of_a_reply_may_trickle_past_the_deadline(part):
    with answering(trickling(SLOW[part])) as host:
        assert timed_out(f"http://{host}/") < LIMIT + 20


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return server_context(certificate)


@pytest.mark.parametrize("part", ["headers", "body of a length", "body to the end"])
def test_the_deadline_holds_over_tls(part, tls):
    with answering(trickling(SLOW[part]), tls) as host:
        assert timed_out(f"https://{host}/", TLS_LIMIT) < TLS_LIMIT + 20


def test_a_reply_over_tls_is_read(tls):
    def script(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi")

    with answering(script, tls) as host:
        assert post(f"https://{host}/", timeout=LONG).body == b"Hi"


def test_a_certificate_that_nobody_vouches_for_is_a_refusal(tls, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with answering(lambda _: None, tls) as host, pytest.raises(AssistantRefusedError):
        post(f"https://{host}/", timeout=LONG)


def test_the_deadline_holds_behind_a_proxy(monkeypatch):
    with answering(trickling(SLOW["headers"])) as host:
        monkeypatch.setenv("http_proxy", f"http://{host}")
        monkeypatch.setenv("no_proxy", "")
        assert timed_out("http://assistant.invalid/") < LIMIT + 20


def test_a_connection_that_was_made_too_late_is_none(monkeypatch):
    look_up, found = socket.getaddrinfo, threading.Event()

    def slow_look_up(*arguments):
        found.wait(LONG)
        return look_up(*arguments)

    with answering(trickling(SLOW["body to the end"])) as host:
        monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
        started = time.monotonic()
        with pytest.raises(AssistantRefusedError, match="TimeoutError"):
            post(f"http://{host}/")
        assert time.monotonic() - started < LIMIT + 20
        found.set()


def test_the_body_of_a_redirect_has_a_largest_size():
    def script(connection):
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65536)

    started = time.monotonic()
    with answering(script) as host, pytest.raises(AssistantError, match="too large"):
        post(f"http://{host}/", timeout=LONG)
    assert time.monotonic() - started < LONG / 2, "it was read to the deadline"


def test_chunks_to_the_last_are_a_reply():
    whole = CHUNKED + b"3\r\nHel\r\n2\r\nlo\r\n0\r\n\r\n"
    with answering(lambda connection: connection.sendall(whole)) as host:
        assert post(f"http://{host}/", timeout=LONG).body == b"Hello"


@pytest.mark.parametrize("cut", [b"3\r\nHel\r\n", b"3\r\nHel\r\n5\r\nl", b""])
def test_chunks_without_the_last_are_not(cut):
    with (
        answering(lambda connection: connection.sendall(CHUNKED + cut)) as host,
        pytest.raises(AssistantError) as raised,
    ):
        post(f"http://{host}/", timeout=LONG)
    assert type(raised.value) is AssistantError


def test_a_reply_has_a_largest_size():
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    with answering(lambda connection: connection.sendall(head + b"a" * MEBIBYTE)) as host:
        assert len(post(f"http://{host}/", timeout=LONG).body) == MEBIBYTE
    with (
        answering(lambda connection: connection.sendall(head + b"a" * (MEBIBYTE + 1))) as host,
        pytest.raises(AssistantError, match="too large"),
    ):
        post(f"http://{host}/", timeout=LONG)


def test_a_name_that_nobody_has_is_a_refusal():
    with pytest.raises(AssistantRefusedError):
        post("http://assistant.invalid/", timeout=LONG)


@pytest.mark.parametrize("key", ["ключ", "two\r\nlines"])
def test_a_key_that_no_header_can_hold_is_a_failure_that_does_not_show_it(key):
    with answering(lambda _: None) as host, pytest.raises(AssistantError) as raised:
        post(f"http://{host}/", headers={"x-api-key": key}, timeout=LONG)
    assert key[:3] not in str(raised.value)


@pytest.fixture
def telling():
    """A server that sets a cookie and keeps the headers of every request."""
    asked = []
    app = Flask("telling")

    def tell():
        asked.append(dict(request.headers))
        return Response("Hi", headers={"Set-Cookie": "person=first; Path=/"})

    app.add_url_rule("/", view_func=tell, methods=["POST"])
    with serve(app) as server:
        yield server.url, asked


def test_one_person_s_cookie_is_not_sent_with_the_next_one_s_question(telling):
    url, asked = telling
    exchange = Exchange()
    for _ in range(2):
        exchange.post(url, {}, {}, LONG, UNHEARD)
    assert [headers.get("Cookie") for headers in asked] == [None, None]


def test_a_password_in_netrc_does_not_replace_our_header(telling, tmp_path, monkeypatch):
    url, asked = telling
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    post(url, headers={"Authorization": "Bearer ours"}, timeout=LONG)
    post(url, timeout=LONG)
    assert [headers.get("Authorization") for headers in asked] == ["Bearer ours", None]


def test_a_connection_is_used_again():
    connections = []

    def script(connection):
        connections.append(connection)
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi"
        connection.sendall(reply)
        while read_request(connection):
            connection.sendall(reply)

    exchange = Exchange()
    with answering(script) as host:
        bodies = [exchange.post(f"http://{host}/", {}, {}, LONG, UNHEARD).body for _ in range(3)]
    assert bodies == [b"Hi"] * 3
    assert len(connections) == 1


@pytest.mark.parametrize("end", [b"data: [DONE]\n\n", b"data:[DONE]\r\n"])
def test_a_stream_that_has_said_its_last_word_is_whole_however_its_response_ends(end):
    events = b'data: {"choices": [{"delta": {"content": "Hello"}}]}\n\n' + end
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    def hangs(connection):
        connection.sendall(head + b"%x\r\n%b\r\n" % (len(events), events))
        time.sleep(LONG)

    def breaks_off(connection):
        connection.sendall(head + b"%x\r\n%b\r\n" % (len(events), events))

    for script in (hangs, breaks_off):
        with answering(script) as host:
            assert post(f"http://{host}/").body == events


def test_a_last_word_within_an_answer_is_none():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\n"
    with (
        answering(lambda one: one.sendall(head + b"data: [DONE]\n\ndata: more")) as host,
        pytest.raises(AssistantError),
    ):
        post(f"http://{host}/")
