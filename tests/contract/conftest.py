"""What the contract tests share."""

from uuid import uuid4

import pytest
from google.cloud.firestore_v1 import Client

from tests.peer import PUBLISHED, peer
from tests.stores import FirestoreBackend, SqliteBackend, relay_to
from tests.two_versions import ASSISTANTS, TwoVersions, unpack


@pytest.fixture(params=["sqlite", "firestore"])
def backend(request, tmp_path):
    if request.param == "firestore":
        request.getfixturevalue("firestore_emulator")
        yield FirestoreBackend()
    else:
        sqlite = SqliteBackend(tmp_path)
        yield sqlite
        sqlite.database.close()


@pytest.fixture
def stores(backend):
    return backend.stores()


@pytest.fixture
def documents(backend):
    """The database of documents that the stores are on."""
    return backend.storage().documents


@pytest.fixture
def relay(firestore_emulator, monkeypatch):
    """The way to Firestore's emulator, on which every call is seen and may be made to fail."""
    with relay_to(firestore_emulator) as (relay, address):
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        yield relay


@pytest.fixture(scope="session")
def earlier(tmp_path_factory):
    """The version before this one, unpacked."""
    return unpack(tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="module", params=["sqlite", "firestore"])
def versions(request, earlier, tmp_path_factory):
    """Both versions on data that no other module's tests have."""
    folder = tmp_path_factory.mktemp("data")
    if request.param == "sqlite":
        yield TwoVersions(earlier, folder)
        return
    emulator = request.getfixturevalue("firestore_emulator")
    project = f"demo-{uuid4().hex}"
    for name, assistant in ASSISTANTS.items():
        Client(project).collection("assistants").document(name).set(assistant)
    with peer(PUBLISHED) as pubsub:
        yield TwoVersions(earlier, folder, project, emulator, pubsub.host)
