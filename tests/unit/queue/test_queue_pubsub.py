import base64
import json
import socket
import threading
import time
import uuid

import grpc
import pytest
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from lib.errors import QueueError
from lib.google import tokens
from lib.queue.pubsub import PubSubPublisher
from tests.peer import PUBLISHED, answer, drip, hang_up, peer, say_nothing, then_hang_up, token
from tests.queues import ANN, message

pytestmark = pytest.mark.slow

PROJECT = f"demo-{uuid.uuid4().hex[:12]}"
TOPIC = "whatsapp-inbound"


@pytest.fixture
def to():
    """Makes publishers to a server, and closes them afterwards."""
    made = []

    def publisher_to(url: str, **options) -> PubSubPublisher:
        made.append(PubSubPublisher(PROJECT, TOPIC, url, **options))
        return made[-1]

    yield publisher_to
    for one in made:
        one.close()


def test_a_message_is_one_request(to):
    with peer(PUBLISHED) as pubsub:
        publisher = to(pubsub.url)
        for number in range(10):
            publisher.publish(message(number))
        assert (len(pubsub.requests), pubsub.connections) == (10, 1)
        head, _, body = pubsub.requests[0].partition(b"\r\n\r\n")
    path = f"/v1/projects/{PROJECT}/topics/{TOPIC}:publish"
    assert head.decode().split("\r\n")[0] == f"POST {path} HTTP/1.1"
    assert b"Authorization" not in head
    (queued,) = json.loads(body)["messages"]
    assert queued["orderingKey"] == ANN
    assert queued["attributes"]["message_id"] == "SM0"
    assert json.loads(base64.b64decode(queued["data"]))["id"] == "SM0"


@pytest.mark.parametrize(
    "trouble",
    [answer(status, b"") for status in (409, 429, 499, 500, 502, 503, 504)] + [hang_up, b"what?\n"],
)
def test_what_may_pass_is_tried_again(to, trouble):
    with peer(trouble, trouble, PUBLISHED) as pubsub:
        to(pubsub.url).publish(message(1))
        assert len(pubsub.requests) == 3
        assert len(set(pubsub.requests)) == 1


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_a_refusal_is_not_tried_again_and_not_quoted(to, status):
    said = f"no such {ANN}".encode()
    with peer(answer(status, said, "Location: http://127.0.0.1:1/")) as pubsub:
        with pytest.raises(QueueError, match=f"HTTP {status}") as failure:
            to(pubsub.url).publish(message(1))
        assert len(pubsub.requests) == 1
    assert ANN not in str(failure.value)


def test_a_huge_answer_is_an_error(to):
    with peer(answer(200, b"x" * 10_000_000)) as pubsub, pytest.raises(QueueError):
        to(pubsub.url).publish(message(1))


@pytest.mark.parametrize("trouble", [say_nothing, drip, answer(503, b""), hang_up])
def test_trouble_that_lasts_is_an_error_within_the_one_deadline(to, trouble):
    with peer(trouble) as pubsub:
        publisher, started = to(pubsub.url, timeout=2), time.monotonic()
        with pytest.raises(QueueError) as failure:
            publisher.publish(message(1))
        assert time.monotonic() - started < 20
        assert 2 <= len(pubsub.requests) <= 12
    assert ANN not in str(failure.value)


def test_silence_is_asked_again_before_the_time_is_over(to):
    with peer(say_nothing, PUBLISHED) as pubsub:
        to(pubsub.url, timeout=2).publish(message(1))
        assert len(pubsub.requests) == 2


def test_a_server_that_takes_no_connection_is_an_error_in_time(to):
    with socket.create_server(("127.0.0.1", 0), backlog=1) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(address)
        started = time.monotonic()
        with pytest.raises(QueueError):
            to(f"http://127.0.0.1:{address[1]}", timeout=1).publish(message(1))
        assert time.monotonic() - started < 20
        for one in waiting:
            one.close()


def test_an_idle_connection_that_was_closed_costs_no_attempt(to):
    with peer(then_hang_up(PUBLISHED)) as pubsub:
        publisher = to(pubsub.url)
        for number in range(3):
            publisher.publish(message(number))
            time.sleep(0.05)
        assert len(pubsub.requests) == 3


def test_the_token_goes_to_pubsub_alone(to):
    with peer(token("secret")) as metadata, peer(PUBLISHED) as pubsub:
        publisher = to(pubsub.url, tokens=tokens.of_metadata_server(metadata.host))
        for number in range(3):
            publisher.publish(message(number))
        assert len(metadata.requests) == 1
        assert all(b"\r\nAuthorization: Bearer secret\r\n" in one for one in pubsub.requests)


def test_trouble_at_the_metadata_server_is_tried_again_too(to):
    steps = answer(503, b"", "Connection: close"), hang_up, token("secret")
    with peer(*steps) as metadata, peer(PUBLISHED) as pubsub:
        to(pubsub.url, tokens=tokens.of_metadata_server(metadata.host)).publish(message(1))
        assert (len(metadata.requests), len(pubsub.requests)) == (3, 1)


@pytest.mark.parametrize(
    "step", [answer(404, b"", "Connection: close"), token("a\r\nHost: elsewhere"), say_nothing]
)
def test_nothing_is_sent_without_a_token(to, step):
    with peer(step) as metadata, peer(PUBLISHED) as pubsub:
        publisher = to(pubsub.url, tokens=tokens.of_metadata_server(metadata.host), timeout=1)
        with pytest.raises(QueueError):
            publisher.publish(message(1))
        assert pubsub.requests == []


@pytest.fixture
def emulator(pubsub_emulator):
    path = f"projects/{PROJECT}/topics/{TOPIC}"
    with grpc.insecure_channel(pubsub_emulator) as channel:
        client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        client.create_topic(name=path)
        yield f"http://{pubsub_emulator}"
        client.delete_topic(topic=path)


def test_many_threads_may_publish_first(to, emulator):
    publisher, together, failures = to(emulator), threading.Barrier(32), []

    def publish(number):
        together.wait()
        try:
            publisher.publish(message(number))
        except QueueError as error:
            failures.append(error)

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_topic_that_is_not_there_is_an_error_at_once(pubsub_emulator, to):
    started = time.monotonic()
    with pytest.raises(QueueError, match="HTTP 404"):
        to(f"http://{pubsub_emulator}").publish(message(1))
    assert time.monotonic() - started < 30


def test_a_key_is_not_blocked_by_an_earlier_failure(to, emulator):
    publisher = to(emulator)
    with pytest.raises(QueueError):
        publisher.publish(message(1, reply_to="x" * 1024 * 1024))
    publisher.publish(message(2))
