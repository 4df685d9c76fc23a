"""Who is trusted over TLS: whom the system names, read once for all clients."""

import contextlib
import gc
import socket
import ssl
import sys
import threading

import pytest

from lib.web.client import Client
from lib.web.errors import UnreachedError
from lib.web.trust import trusted
from tests.certificates import certificate_in, server_context
from tests.shortages import no_descriptors

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nHi"


@pytest.fixture
def server(tmp_path):
    """The port of a server that nobody but itself vouches for, and its certificate."""
    certificate = certificate_in(tmp_path)
    context = server_context(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    raw, _ = listener.accept()
                    with (
                        contextlib.suppress(OSError),
                        context.wrap_socket(raw, server_side=True) as connection,
                    ):
                        connection.recv(65536)
                        connection.sendall(FINE)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], certificate
        listener.shutdown(socket.SHUT_RDWR)


def ask(port):
    client = Client(proxies=False)
    try:
        return client.request("GET", f"https://127.0.0.1:{port}/", {}, b"", 5).body
    finally:
        client.close()


def contexts():
    """Every store of trusted certificates in this process."""
    gc.collect()
    found = [one for one in gc.get_objects() if isinstance(one, ssl.SSLContext)]
    return [one for one in found if one.verify_mode is ssl.CERT_REQUIRED]


def test_all_clients_of_a_process_share_what_is_trusted(server, monkeypatch):
    port, certificate = server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    before = contexts()
    assert [ask(port) for _ in range(3)] == [b"Hi"] * 3
    assert len([one for one in contexts() if one not in before]) == 1


def certificates_trusted(tmp_path, monkeypatch, port, named: bytes) -> int:
    """Meet the server where the system names these; count who is trusted."""
    system = tmp_path / "system.pem"
    system.write_bytes(named)
    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))
    with pytest.raises(UnreachedError, match="SSLCertVerificationError"):
        ask(port)
    return trusted().cert_store_stats()["x509"]


def test_certifi_is_trusted_where_the_system_names_nobody(server, tmp_path, monkeypatch):
    assert certificates_trusted(tmp_path, monkeypatch, server[0], b"") > 50


def test_without_certifi_either_nobody_is_trusted(server, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "certifi", None)
    assert certificates_trusted(tmp_path, monkeypatch, server[0], b"") == 0


def test_whom_the_system_names_is_all_that_is_trusted(server, tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    named = certificate_in(tmp_path / "other").read_bytes()
    assert certificates_trusted(tmp_path, monkeypatch, server[0], named) == 1


def test_certificates_that_could_not_be_read_are_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_in(tmp_path)))
    with no_descriptors(), pytest.raises(OSError, match="no certificates"):
        trusted()
    assert trusted().cert_store_stats()["x509"] == 1
