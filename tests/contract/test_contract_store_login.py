"""How a service account on Google Cloud logs in at Firestore: over TLS, with a token of its own."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
import pytest

from tests.certificates import certificate_in
from tests.peer import answer, peer, token
from tests.processes import ROOT, python
from tests.stores import relay_to

# What a function does with its settings; it knows nothing of an emulator.
PROGRAM = """
import os, sys
from lib.runtime.gateway import Gateway
from lib.errors import StoreError
from lib.ports.documents import Key
from lib.settings.config import load
documents = Gateway(load(os.environ)).firestore().documents
key = Key("whatsapp_turns", "SM1")
for _ in range(2):
    try:
        print(documents.write_if(key, {"state": "thinking"}, None)[1], len(documents.read([key])))
    except StoreError as error:
        print(error)
print("loaded", *{"google.cloud.firestore_v1", "google.auth", "cryptography"} & {*sys.modules})
"""


@contextmanager
def tunnel_to(port: int) -> Iterator[str]:
    """A proxy that leads to a port of this machine, wherever one wants to go."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_lead, args=(listener, port), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _lead(listener: socket.socket, port: int) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        wanted = near.recv(1 << 16)
        assert wanted.startswith(b"CONNECT firestore.googleapis.com:443 ")
        far = socket.create_connection(("127.0.0.1", port))
        near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
    except OSError:
        return


@pytest.fixture
def asked(firestore_emulator, tmp_path):
    """Use Firestore in a process of its own; what it prints, and what its calls carried."""
    certificate = certificate_in(tmp_path, "firestore.googleapis.com")
    pem = certificate.read_bytes()
    key = pem.index(b"-----BEGIN PRIVATE KEY")
    login = grpc.ssl_server_credentials([(pem[key:], pem[:key])])

    def asked(*tokens: bytes):
        with (
            relay_to(firestore_emulator, login) as (relay, address),
            tunnel_to(int(address.rpartition(":")[2])) as proxy,
            peer(*tokens) as metadata_server,
        ):
            environ = {
                "PATH": os.environ["PATH"],
                "GOOGLE_CLOUD_PROJECT": f"demo-{os.urandom(6).hex()}",
                "K_SERVICE": "whatsapp-responder",
                "GCE_METADATA_HOST": metadata_server.host,
                "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(certificate),
                "https_proxy": proxy,
                "no_proxy": "127.0.0.1",
            }
            done = subprocess.run(
                python("-c", PROGRAM),
                cwd=ROOT,
                env=environ,
                capture_output=True,
                text=True,
                check=True,
            )
            logins = [sent.get("authorization", "") for _, sent in relay.metadata]
            return done.stdout.splitlines(), logins, len(metadata_server.requests)

    return asked


@pytest.mark.slow
def test_every_call_carries_the_token_of_the_service_account(asked):
    # The emulator knows one name that its rules let in.
    printed, logins, fetched = asked(token("owner"))
    assert printed == ["True 1", "False 1", "loaded"]
    assert logins == ["Bearer owner"] * 5
    assert fetched == 1


@pytest.mark.slow
def test_a_metadata_server_that_fails_once_is_asked_again(asked):
    printed, _, fetched = asked(answer(503), token("owner"))
    assert printed == ["True 1", "False 1", "loaded"]
    assert fetched == 2
