"""What a message costs in Firestore, counted: the figures that ``make cost`` reckons with."""

from contextlib import ExitStack

import pytest
import requests
from google.cloud.firestore_v1.types import BatchGetDocumentsRequest, CommitRequest

from operations import usage
from tests.cloud import Cloud, stage
from tests.processes import wait_for
from tests.sample import sid
from tests.stores import relay_to

# Slower than the functions, as Twilio is: no callback meets the send that it reports on.
PACE = 0.5


@pytest.fixture(scope="module")
def world(firestore_emulator, pubsub_emulator, tmp_path_factory):
    """The functions, each with a relay to Firestore that counts."""
    build = stage(tmp_path_factory.mktemp("staged"))
    with ExitStack() as stack:
        cloud = Cloud(tmp_path_factory.mktemp("cloud"), firestore_emulator, pubsub_emulator, stack)
        relays = {}
        for name in ("webhook", "responder", "status"):
            relays[name], address = stack.enter_context(relay_to(firestore_emulator))
            # A part watches for the report on the one before; the versions that it is told
            # depend on Twilio's haste, and are not counted here.
            more = {"FIRESTORE_EMULATOR_HOST": address, "CHUNK_WAIT_SECONDS": "0"}
            stack.enter_context(cloud.function(build, name, **more))
        cloud.subscribe()
        settings = f"{cloud.twilio}/simulator/settings"
        requests.patch(settings, json={"pace": PACE}, timeout=5).raise_for_status()
        # The assistants are read by the first message, and then once a minute at most.
        _answered(cloud, sid("SMc0570"), "Hello", "+15550020000")
        yield cloud, relays


def _answered(cloud, turn_id, body, person):
    """Send a message; return how many parts its answer had, once all of them were read."""
    assert cloud.post(turn_id, body, person) == 200

    def parts_read():
        turn = cloud.documents("whatsapp_turns").get(turn_id, {})
        if turn.get("state") != "delivered":
            return 0
        reports = cloud.documents("whatsapp_deliveries").values()
        read = [one for one in reports if one["turn_id"] == turn_id and one.get("state") == "read"]
        return len(read) if len(read) == len(turn["chunks"]) else 0

    return wait_for(parts_read, 60)


def _documents(requests):
    reads = writes = 0
    for name, body in requests:
        if name == "Commit":
            writes += len(CommitRequest.deserialize(body).writes)
        else:
            assert name == "BatchGetDocuments"
            reads += len(BatchGetDocumentsRequest.deserialize(body).documents)
    return reads, writes


@pytest.mark.parametrize(("body", "least"), [("Hello", 1), ("long", 3)])
def test_a_message_reads_and_writes_what_is_reckoned_with(world, body, least):
    cloud, relays = world
    for relay in relays.values():
        relay.requests.clear()
    logged = _logged(cloud)
    parts = _answered(cloud, sid(f"SMc057{least}"), body, f"+1555002000{least}")
    assert parts >= least
    counted = {name: _documents(relay.requests) for name, relay in relays.items()}
    callbacks = parts * usage.CALLBACKS_PER_PART
    assert counted == {
        "webhook": (0, 0),
        # The watch for the part before is left out here.
        "responder": (usage.TURN.reads, usage.TURN.writes + parts * usage.PART.writes),
        "status": (callbacks * usage.CALLBACK.reads, callbacks * usage.CALLBACK.writes),
    }
    if parts == 1:
        assert 0.5 * usage.LOG_BYTES < _logged(cloud) - logged < usage.LOG_BYTES
        assert 0.5 * usage.QUEUED_BYTES < _queued(cloud) < usage.QUEUED_BYTES


def _logged(cloud):
    return sum(path.stat().st_size for path in cloud.folder.glob("*.log"))


def _queued(cloud):
    """The bytes that Pub/Sub counts: what is published, and its attributes."""
    payload = cloud.documents("whatsapp_turns")[sid("SMc0571")]["payload"]
    return len(payload.encode()) + 100
