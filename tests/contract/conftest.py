"""What the contract tests share."""

import pytest

from tests.stores import FirestoreBackend, SqliteBackend, relay_to


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
