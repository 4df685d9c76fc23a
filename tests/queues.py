"""Both queues, drained into an endpoint that watches and answers as it is told."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import grpc
from flask import Flask, Response, request
from google.pubsub_v1 import PublisherClient, PushConfig, SubscriberClient, Subscription
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from lib.backoff import Backoff
from lib.model import InboundMessage, QueueDelivery
from lib.queue import rows
from lib.queue.local import LocalQueue
from lib.queue.pubsub import PubSubPublisher
from lib.queue.push import decode_push
from lib.storage.sqlite.database import Database
from simulator.server import serve

ANN = "+15550001111"
BOB = "+15550002222"
QUICK = Backoff(0.05, 0.2)


def now() -> datetime:
    return datetime.now(UTC)


def message(number: int, address: str = ANN, **fields) -> InboundMessage:
    return InboundMessage(f"SM{number}", address, now(), text=f"text {number}", **fields)


@dataclass
class Endpoint:
    """What a queue pushes to. ``statuses`` are the next answers to a message, then it is 204.

    A message in ``held`` is answered only after ``release``.
    """

    statuses: dict[str, list[int]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    pushed: list[QueueDelivery] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    _in_hand: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _released: threading.Event = field(default_factory=threading.Event)

    def take(self, body: bytes) -> int:
        delivery = decode_push(body)
        message_id, address = delivery.item.id, delivery.item.address
        with self._lock:
            self.pushed.append(delivery)
            self.bodies.append(body)
            self.times.append(time.monotonic())
            if address in self._in_hand:
                self.overlaps.append(message_id)
            self._in_hand.add(address)
            planned = self.statuses.get(message_id)
            status = planned.pop(0) if planned else 204
        if message_id in self.held:
            self._released.wait(30)
        with self._lock:
            self._in_hand.discard(address)
        return status

    def release(self) -> None:
        self._released.set()

    def ids(self, address: str = "") -> list[str]:
        """The messages pushed so far, each as often as it was."""
        with self._lock:
            found = [one.item for one in self.pushed]
        return [one.id for one in found if not address or one.address == address]


@contextmanager
def local_queue(folder: Path, endpoint: Endpoint, **options) -> Iterator[LocalQueue]:
    """A local queue in a folder, being drained."""
    database = Database(folder / "queue.db", rows.create)
    queue = LocalQueue(database, now, **{"backoff": QUICK, **options})
    queue.start(endpoint.take)
    try:
        yield queue
    finally:
        endpoint.release()
        queue.stop(5)
        database.close()


@contextmanager
def pubsub_queue(host: str, endpoint: Endpoint) -> Iterator[PubSubPublisher]:
    """A topic on the emulator, with an ordered push subscription to a real HTTP server."""
    app = Flask("endpoint")
    app.add_url_rule(
        "/", methods=["POST"], view_func=lambda: Response(status=endpoint.take(request.get_data()))
    )
    project, topic = f"demo-{uuid.uuid4().hex[:12]}", "whatsapp-inbound"
    path = f"projects/{project}/topics/{topic}"
    with ExitStack() as stack:
        server = stack.enter_context(serve(app))
        channel = stack.enter_context(grpc.insecure_channel(host))
        subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
        PublisherClient(transport=PublisherGrpcTransport(channel=channel)).create_topic(name=path)
        # No dead-letter policy: the emulator comes to a standstill with both.
        subscription = Subscription(
            name=f"projects/{project}/subscriptions/push",
            topic=path,
            push_config=PushConfig(push_endpoint=server.url),
            enable_message_ordering=True,
        )
        subscriber.create_subscription(subscription)
        stack.callback(subscriber.delete_subscription, subscription=subscription.name)
        stack.callback(endpoint.release)
        yield stack.enter_context(closing(PubSubPublisher(project, topic, f"http://{host}")))
