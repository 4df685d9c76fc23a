"""The way to a server: through proxies of the environment, with and without TLS."""

import contextlib
import socket
import threading

import pytest

from lib.web.client import Client
from lib.web.errors import UnreachedError, UnusableError
from tests.certificates import certificate_in, server_context

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi"


class Proxy:
    """Connects to whom it is asked for, and speaks TLS itself from then on: one server for both."""

    def __init__(self, listener: socket.socket, context, refusal: bytes) -> None:
        self.heads: list[bytes] = []
        self._listener = listener
        self._context = context
        self._refusal = refusal

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self.heads.append(connection.recv(65536))
            connection.sendall(self._refusal or b"HTTP/1.1 200 Connected\r\nVia: us\r\n\r\n")
            if self._refusal:
                return
            with self._context.wrap_socket(connection, server_side=True) as inner:
                while head := inner.recv(65536):
                    self.heads.append(head)
                    inner.sendall(ANSWER)


@pytest.fixture
def proxy(tmp_path, monkeypatch, request):
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://user:w%20rd@127.0.0.1:{port}")
        proxy = Proxy(listener, server_context(certificate), getattr(request, "param", b""))
        threading.Thread(target=proxy.run, daemon=True).start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)


def ask(url):
    client = Client()
    try:
        return [client.request("GET", url, {"X": "secret"}, b"", 5).body for _ in range(2)]
    finally:
        client.close()


def test_tls_goes_through_a_tunnel_that_sees_nothing_of_it(proxy):
    assert ask("https://127.0.0.1:9/path") == [b"Hi", b"Hi"]
    tunnel, *inside = proxy.heads
    lines = tunnel.decode().split("\r\n")
    assert lines[0] == "CONNECT 127.0.0.1:9 HTTP/1.0"
    assert "Proxy-Authorization: Basic dXNlcjp3IHJk" in lines
    assert b"secret" not in tunnel
    assert [head.split(b"\r\n")[0] for head in inside] == [b"GET /path HTTP/1.1"] * 2
    assert not any(b"Proxy-Authorization" in head for head in inside)


@pytest.mark.parametrize("proxy", [b"HTTP/1.1 407 No\r\n\r\n", b"SSH-2.0\r\n"], indirect=True)
def test_a_proxy_that_refuses_means_that_nothing_was_sent(proxy):
    with pytest.raises(UnreachedError):
        ask("https://127.0.0.1:9/path")
    assert not any(b"secret" in head for head in proxy.heads)


def test_a_proxy_of_another_kind_is_told_apart(monkeypatch):
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(UnusableError, match="proxy"):
        ask("http://assistant.invalid/")
