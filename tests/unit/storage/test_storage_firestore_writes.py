"""The writes of a commit, each as Google's own client would make it."""

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_v1 import Client, Increment
from google.cloud.firestore_v1.types import Write
from google.protobuf.timestamp_pb2 import Timestamp

from lib.model import Exchange, Session, Usage
from lib.storage.firestore import writes
from lib.storage.firestore.messages import message
from lib.storage.stores.sessions import session_document
from lib.storage.stores.turn_documents import turn_document
from tests.stores import NOON, turn

CLIENT = Client("demo-x", credentials=AnonymousCredentials())
REFERENCE = CLIENT.collection("c").document("x")
NAME = REFERENCE._document_path
PHONE = "+15550001111"
REVISION = "2026-11-23T12:00:00.123456789Z"
SESSION = Session(
    contact=PHONE,
    phone_number=PHONE,
    assistant_id="a",
    display_name="Ann",
    created_at=NOON,
    last_active=NOON,
    recent=(Exchange("Hello", "Hi 👋🏽"),),
    usage=Usage(tokens=1.5, counted_at=NOON),
)


def by_the_client(fill):
    """The one write that Google's client makes, as a message of ours."""
    batch = CLIENT.batch()
    fill(batch)
    (write,) = batch._write_pbs
    return in_order(message("Write").FromString(Write.serialize(write)))


def in_order(write):
    if write.HasField("update_mask"):
        write.update_mask.field_paths.sort()
    return write


@pytest.fixture(
    params=[
        session_document(SESSION),
        turn_document(turn()) | {"chunks": [{"text": "Hi", "opened_at": None}]},
        {"empty": {}, "none": [], "nested": {"list": [{"map": {}}]}},
    ],
    ids=["session", "turn", "nested"],
)
def document(request):
    return request.param


def test_a_document_that_must_not_exist(document):
    expected = by_the_client(lambda batch: batch.create(REFERENCE, document))
    assert writes.create(NAME, document) == expected


def test_fields_of_a_document_of_a_revision(document):
    write = in_order(writes.update(NAME, document, REVISION))
    seen = write.current_document.update_time
    assert (seen.seconds, seen.nanos) == (int(NOON.timestamp()), 123456789)
    option = CLIENT.write_option(last_update_time=Timestamp(seconds=seen.seconds, nanos=seen.nanos))
    assert write == by_the_client(lambda batch: batch.update(REFERENCE, document, option))


def test_fields_of_any_document(document):
    expected = by_the_client(lambda batch: batch.set(REFERENCE, document, merge=list(document)))
    assert in_order(writes.merge(NAME, document)) == expected


def test_a_whole_document(document):
    expected = by_the_client(lambda batch: batch.set(REFERENCE, document))
    assert writes.replace(NAME, document) == expected


def test_one_more():
    others = {"expire_at": NOON}
    expected = by_the_client(
        lambda batch: batch.set(REFERENCE, {**others, "value": Increment(1)}, merge=True)
    )
    assert writes.increment(NAME, "value", others, 1) == expected


@pytest.mark.parametrize("revision", ["", "yesterday"])
def test_a_revision_that_is_none_is_a_value_error(revision):
    with pytest.raises(ValueError):
        writes.update(NAME, {}, revision)
