"""One suite for both queues: the local one, and Pub/Sub's emulator with an ordered push."""

import json
import os
import signal
import subprocess
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import grpc
import pytest
from flask import Flask, Response, request
from google.pubsub_v1 import PublisherClient, PushConfig, SubscriberClient, Subscription
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from lib.errors import QueueError
from lib.model import InboundMessage, Location, Media, MessageKind
from lib.queue.envelope import decode_push
from lib.queue.local import Backoff, LocalQueue
from lib.queue.pubsub import PubSubPublisher
from lib.storage.database import Database
from simulator.server import serve
from tests.processes import ROOT, free_port, python, wait_for


def now():
    return datetime.now(UTC)


def message(number, address="+15550001111", **fields):
    return InboundMessage(f"SM{number}", address, now(), text=f"text {number}", **fields)


@dataclass
class Endpoint:
    """What a queue pushes to: keeps every push, and answers as it is told."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    pushed: list = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: bytes) -> int:
        delivery = decode_push(body)
        with self.lock:
            self.pushed.append(delivery)
            self.bodies.append(body)
            planned = self.statuses.get(delivery.message.id)
            status = planned.pop(0) if planned else 204
        time.sleep(self.slow.get(delivery.message.id, 0))
        return status

    def ids(self, address=None):
        with self.lock:
            found = [one.message for one in self.pushed]
        return [one.id for one in found if address in {None, one.address}]


@contextmanager
def local(folder, endpoint):
    database = Database(folder / "queue.db")
    queue = LocalQueue(database, now, backoff=Backoff(0.05, 0.2))
    queue.start(endpoint.take)
    try:
        yield queue
    finally:
        queue.stop(2)
        database.close()


@contextmanager
def pubsub(host, endpoint):
    app = Flask("endpoint")
    app.add_url_rule(
        "/", methods=["POST"], view_func=lambda: Response(status=endpoint.take(request.get_data()))
    )
    project, topic = f"demo-{uuid.uuid4().hex[:12]}", "whatsapp-inbound"
    with ExitStack() as stack:
        server = stack.enter_context(serve(app))
        channel = stack.enter_context(grpc.insecure_channel(host))
        path = f"projects/{project}/topics/{topic}"
        PublisherClient(transport=PublisherGrpcTransport(channel=channel)).create_topic(name=path)
        SubscriberClient(transport=SubscriberGrpcTransport(channel=channel)).create_subscription(
            Subscription(
                name=f"projects/{project}/subscriptions/push",
                topic=path,
                push_config=PushConfig(push_endpoint=server.url),
                enable_message_ordering=True,
            )
        )
        yield PubSubPublisher(project, topic, emulator_host=host)


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture(params=["local", "pubsub"])
def queue(request, endpoint, tmp_path):
    if request.param == "local":
        opened = local(tmp_path, endpoint)
    else:
        opened = pubsub(request.getfixturevalue("pubsub_emulator"), endpoint)
    with opened as ready:
        yield ready


def test_a_message_arrives_whole(queue, endpoint):
    sent = message(
        1,
        kind=MessageKind.LOCATION,
        media=(Media("https://x.io/1", "image/png"),),
        location=Location(1.5, -2.5, "é", "你"),
        user_id="US.1A",
        profile_name="Ann 👋",
        forwarded=True,
    )
    queue.publish(sent)
    wait_for(lambda: endpoint.pushed)
    assert endpoint.pushed[0].message == sent


def test_messages_of_one_address_come_in_order_one_at_a_time(queue, endpoint):
    endpoint.slow = {"SM0": 0.3}
    for number in range(5):
        queue.publish(message(number))
    wait_for(lambda: len(endpoint.ids()) == 5, 30)
    assert endpoint.ids() == [f"SM{number}" for number in range(5)]


def test_a_refused_message_comes_again_before_the_later_ones(queue, endpoint):
    endpoint.statuses = {"SM0": [503, 500]}
    for number in range(2):
        queue.publish(message(number))
    wait_for(lambda: "SM1" in endpoint.ids(), 30)
    assert endpoint.ids() == ["SM0", "SM0", "SM0", "SM1"]


def test_an_acknowledged_message_does_not_come_again(queue, endpoint):
    queue.publish(message(1))
    wait_for(endpoint.ids)
    time.sleep(1.5)
    assert endpoint.ids() == ["SM1"]


def test_other_addresses_do_not_wait(queue, endpoint):
    endpoint.slow = {"SM0": 3.0}
    endpoint.statuses = {"SM0": [204]}
    queue.publish(message(0))
    queue.publish(message(1))
    queue.publish(message(2, "+15550002222"))
    wait_for(lambda: "SM2" in endpoint.ids(), 2.5)
    assert "SM1" not in endpoint.ids()


def test_a_topic_that_is_not_there_is_an_error_in_time():
    started = time.monotonic()
    lost = PubSubPublisher("demo-x", "none", emulator_host=f"127.0.0.1:{free_port()}", timeout=2)
    with pytest.raises(QueueError):
        lost.publish(message(1))
    assert time.monotonic() - started < 6


def test_a_database_that_cannot_be_opened_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    lost = LocalQueue(Database(tmp_path / "file" / "queue.db"), now)
    with pytest.raises(QueueError):
        lost.publish(message(1))


def test_the_local_queue_pushes_the_envelope_of_production(tmp_path, endpoint):
    endpoint.statuses = {"SM1": [503]}
    with local(tmp_path, endpoint) as queue:
        queue.publish(message(1))
        wait_for(lambda: len(endpoint.bodies) == 2)
    first, second = map(json.loads, endpoint.bodies)
    assert set(first) == {"deliveryAttempt", "message", "subscription"}
    assert set(first["message"]) == {
        "attributes",
        "data",
        "messageId",
        "orderingKey",
        "publishTime",
    }
    assert first["message"]["orderingKey"] == "+15550001111"
    assert first["message"]["attributes"]["trace_id"] == "whatsapp-SM1"
    assert (first["deliveryAttempt"], second["deliveryAttempt"]) == (1, 2)
    assert [one.attempt for one in endpoint.pushed] == [1, 2]


def test_a_push_that_raises_is_a_refusal(tmp_path, endpoint):
    failures = [RuntimeError("boom")]

    def push(body):
        if failures:
            raise failures.pop()
        return endpoint.take(body)

    database = Database(tmp_path / "queue.db")
    queue = LocalQueue(database, now, backoff=Backoff(0.05, 0.2))
    queue.start(push)
    queue.publish(message(1))
    wait_for(endpoint.ids)
    queue.stop(2)
    assert queue.depth() == 0
    database.close()


def test_the_wait_grows_to_its_limit():
    waits = [Backoff(1.0, 8.0).after(attempt).total_seconds() for attempt in range(1, 50)]
    assert 0.5 <= waits[0] <= 1.0
    assert 2.0 <= waits[2] <= 4.0
    assert all(4.0 <= wait <= 8.0 for wait in waits[4:])


def test_what_is_in_hand_at_the_end_is_finished_or_comes_again(tmp_path, endpoint):
    endpoint.slow = {"SM1": 0.3, "SM2": 30.0}
    with local(tmp_path, endpoint) as queue:
        queue.publish(message(1))
        queue.publish(message(2, "+15550002222"))
        wait_for(lambda: len(endpoint.ids()) == 2)
        started = time.monotonic()
        queue.stop(1.0)
        assert time.monotonic() - started < 2
        assert queue.depth() == 1
    endpoint.slow = {}
    with local(tmp_path, endpoint):
        wait_for(lambda: endpoint.ids().count("SM2") == 2)


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from lib.model import InboundMessage
from lib.queue.local import LocalQueue
from lib.storage.database import Database

def push(body):
    time.sleep(0.01)
    return 204

def now():
    return datetime.now(UTC)

queue = LocalQueue(Database(Path(sys.argv[1])), now, workers=4)
queue.start(push)
number = 0
while True:
    queue.publish(InboundMessage(f"SM{number}", f"+1555000{number % 7:04d}", now()))
    print(number, flush=True)
    number += 1
"""


def test_a_kill_loses_nothing_that_was_published(tmp_path, endpoint):
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    path = tmp_path / "queue.db"
    process = subprocess.Popen(
        python("-c", KILLED, str(path)), env=environ, stdout=subprocess.PIPE, text=True
    )
    published = [process.stdout.readline() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    published += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    last = int(published[-1])
    database = Database(path)
    queue = LocalQueue(database, now)
    waiting = queue.depth()
    assert waiting > 0
    queue.start(endpoint.take)
    wait_for(lambda: queue.depth() == 0)
    queue.stop(2)
    database.close()
    assert f"SM{last}" in endpoint.ids()
    for address in {one.message.address for one in endpoint.pushed}:
        numbers = [int(one[2:]) for one in endpoint.ids(address)]
        assert numbers == sorted(numbers)


def test_many_addresses_are_served_and_none_is_forgotten(tmp_path, endpoint):
    with local(tmp_path, endpoint) as queue:
        for number in range(300):
            queue.publish(replace(message(number), address=f"+1555000{number % 60:04d}"))
        wait_for(lambda: queue.depth() == 0)
    assert sorted(endpoint.ids()) == sorted(f"SM{number}" for number in range(300))
