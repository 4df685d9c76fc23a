"""One deadline for all of an exchange: who drips at any stage of it is not waited for."""

import contextlib
import socket
import threading
import time

import pytest

from lib.web.client import Client
from lib.web.direct import DirectClient
from lib.web.errors import LateError, UnreachedError
from tests.certificates import certificate_in, server_context
from tests.peer import peer, say_nothing
from tests.processes import wait_for

pytestmark = pytest.mark.slow

SECONDS = 0.6


@pytest.fixture(params=[Client, DirectClient])
def client(request):
    made = request.param()
    yield made
    made.close()


def drip(connection, begun: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(begun)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)


def drip_status(connection):
    drip(connection, b"HTTP/1.1 200 ")


def drip_headers(connection):
    drip(connection, b"HTTP/1.1 200 OK\r\nX: ")


def drip_length(connection):
    drip(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")


def drip_chunk(connection):
    drip(connection, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n")


def drip_continues(connection):
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.05)


DRIPS = [drip_status, drip_headers, drip_length, drip_chunk, drip_continues, say_nothing]


@pytest.mark.parametrize("step", DRIPS)
def test_a_response_that_drips_is_late(client, step):
    with peer(step) as there:
        started = time.monotonic()
        with pytest.raises(LateError):
            client.request("POST", there.url, {}, b"{}", SECONDS, 100_000)
        assert time.monotonic() - started >= SECONDS
        wait_for(lambda: there.open_connections() == 0)


@contextlib.contextmanager
def listening(serve):
    """The address of a server that does this with its only connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work():
            with contextlib.suppress(OSError), listener.accept()[0] as connection:
                serve(connection)

        threading.Thread(target=work, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_does_not_read_is_late(client):
    ended = threading.Event()
    with listening(lambda _: ended.wait(60)) as host:
        with pytest.raises(LateError):
            client.request("POST", f"http://{host}/", {}, bytes(50_000_000), SECONDS, 100_000)
        ended.set()


def test_a_response_that_drips_over_tls_is_late(client, tmp_path, monkeypatch):
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = server_context(certificate)

    def serve(raw):
        with context.wrap_socket(raw, server_side=True) as connection:
            drip_length(connection)

    with listening(serve) as host, pytest.raises(LateError):
        client.request("GET", f"https://{host}/", {}, b"", 2.0, 100_000)


def test_a_handshake_that_drips_was_never_reached(client):
    def serve(connection):
        # A record of a handshake, of sixteen kilobytes.
        drip(connection, b"\x16\x03\x03\x40\x00")

    with listening(serve) as host, pytest.raises(UnreachedError):
        client.request("GET", f"https://{host}/", {}, b"", SECONDS, 100_000)


def test_a_proxy_that_drips_was_never_reached(monkeypatch):
    client = Client()
    with peer(drip_headers) as there:
        monkeypatch.setenv("https_proxy", there.url)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(UnreachedError):
            client.request("GET", "https://assistant.invalid/", {}, b"", SECONDS)
        wait_for(lambda: there.open_connections() == 0)


def test_a_connection_that_is_used_again_has_a_deadline_of_its_own(client):
    fine = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi"
    with peer(fine, fine, drip_length) as there:

        def ask(seconds):
            return client.request("GET", there.url, {}, b"", seconds, 100_000).body

        assert ask(SECONDS) == b"Hi"
        time.sleep(2 * SECONDS)
        assert ask(20.0) == b"Hi"
        with pytest.raises(LateError):
            ask(SECONDS)
        assert there.connections == 1
