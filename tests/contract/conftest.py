"""What the contract tests of Firestore share."""

import pytest

from tests.stores import relay_to


@pytest.fixture
def relay(firestore_emulator, monkeypatch):
    """The way to Firestore's emulator, on which every call is seen and may be made to fail."""
    with relay_to(firestore_emulator) as (relay, address):
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        yield relay
