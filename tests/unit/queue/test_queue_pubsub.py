import socket
import threading
import time
import uuid

import grpc
import pytest
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from lib.errors import QueueError
from lib.queue.pubsub import PubSubPublisher
from tests.queues import message
from tests.stores import relay_to

PROJECT = f"demo-{uuid.uuid4().hex[:12]}"
TOPIC = "whatsapp-inbound"


@pytest.fixture
def topic(pubsub_emulator):
    path = f"projects/{PROJECT}/topics/{TOPIC}"
    with grpc.insecure_channel(pubsub_emulator) as channel:
        client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        client.create_topic(name=path)
        yield pubsub_emulator
        client.delete_topic(topic=path)


def test_a_server_that_never_answers_is_an_error_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        publisher = PubSubPublisher("demo-x", TOPIC, emulator_host=host, timeout=3)
        started = time.monotonic()
        with pytest.raises(QueueError, match="DeadlineExceeded"):
            publisher.publish(message(1))
        assert time.monotonic() - started < 3.5


def test_a_topic_that_is_not_there_is_an_error_at_once(pubsub_emulator):
    publisher = PubSubPublisher("demo-x", "no-such-topic", emulator_host=pubsub_emulator)
    started = time.monotonic()
    with pytest.raises(QueueError, match="NotFound"):
        publisher.publish(message(1))
    assert time.monotonic() - started < 2


def test_an_answer_that_got_lost_is_asked_for_again(topic):
    with relay_to(topic) as (relay, host):
        relay.lose_answer_to = "Publish"
        PubSubPublisher(PROJECT, TOPIC, emulator_host=host).publish(message(1))
        assert relay.calls == ["Publish", "Publish"]


def test_a_refusal_is_not_retried(topic):
    with relay_to(topic) as (relay, host):
        relay.refuse = "Publish"
        with pytest.raises(QueueError, match="PermissionDenied"):
            PubSubPublisher(PROJECT, TOPIC, emulator_host=host).publish(message(1))
        assert relay.calls == ["Publish"]


def test_a_key_is_not_blocked_by_an_earlier_failure(topic):
    with relay_to(topic) as (relay, host):
        publisher = PubSubPublisher(PROJECT, TOPIC, emulator_host=host)
        relay.refuse = "Publish"
        with pytest.raises(QueueError):
            publisher.publish(message(1))
        relay.refuse = ""
        publisher.publish(message(2))


def test_many_threads_may_publish_first(topic):
    with relay_to(topic) as (relay, host):
        publisher = PubSubPublisher(PROJECT, TOPIC, emulator_host=host)
        together = threading.Barrier(16)

        def publish(number):
            together.wait()
            publisher.publish(message(number))

        threads = [threading.Thread(target=publish, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert relay.calls == ["Publish"] * 16


def test_without_credentials_it_is_an_error_of_the_queue(monkeypatch, tmp_path):
    monkeypatch.delenv("PUBSUB_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(QueueError, match="DefaultCredentialsError"):
        PubSubPublisher("demo-x", TOPIC).publish(message(1))
