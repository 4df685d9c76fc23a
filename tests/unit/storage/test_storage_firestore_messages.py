"""Firestore's protocol as it is kept, against that of Google's own client."""

import subprocess
from pathlib import Path

import pytest
from google.cloud.firestore_v1 import types

from lib.storage.firestore.messages import message
from operations.firestore_protocol import protocol
from tests.processes import ROOT, python

KEPT = Path(ROOT, "lib/storage/firestore/protocol.binpb")


def test_what_is_kept_is_what_the_installed_client_knows():
    """After a new version of the client: ``make protocol``."""
    assert KEPT.read_bytes() == protocol()


def test_messages_are_those_of_the_client_byte_for_byte():
    theirs = types.Write.pb()()
    ours = message("Write")()
    for write in (theirs, ours):
        write.update.name = "projects/p/databases/d/documents/c/x"
        write.update.fields["a"].array_value.values.add().integer_value = -1
        write.current_document.update_time.FromJsonString("2026-11-23T12:00:00.123456789Z")
    assert ours.SerializeToString() == theirs.SerializeToString()
    read = message("Write").FromString(theirs.SerializeToString())
    assert read.current_document.update_time.ToJsonString() == "2026-11-23T12:00:00.123456789Z"


@pytest.mark.slow
def test_the_client_can_be_loaded_before_and_behind_it():
    for program in (
        "import lib.storage.firestore.messages, google.cloud.firestore_v1",
        "import google.cloud.firestore_v1, lib.storage.firestore.messages",
    ):
        subprocess.run(python("-c", program), cwd=ROOT, check=True)
