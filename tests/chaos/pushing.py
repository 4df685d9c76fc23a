"""Hands queued messages to the responder as Pub/Sub does, many at once.

The emulator pushes two messages of a subscription at a time, whatever there is (PushLoop, in two
threads): whoever cancels would wait for two others' answers to end. So its messages are pulled one
by one, which keeps the order of each key, and pushed from here.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import requests
from google.pubsub_v1 import ReceivedMessage, SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from lib.queue.push import push_body

AT_ONCE = 64
"""Pushes under way; Google begins with few and has as many as are answered soon."""

RETRY = 1
"""Seconds until what was not acknowledged comes again: what the subscription has at least."""

_REST = 0.02
_PATIENCE = 60.0


class Pusher:
    """Pushes the messages of a subscription of the emulator at ``pubsub`` until it is closed."""

    def __init__(self, pubsub: str, subscription: str, endpoint: str) -> None:
        self._subscription, self._endpoint = subscription, endpoint
        self._channel = grpc.insecure_channel(pubsub)
        self._client = SubscriberClient(transport=SubscriberGrpcTransport(channel=self._channel))
        self._room = threading.Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Begin no more pushes, and wait for those under way."""
        self._over.set()
        self._thread.join()
        self._pool.shutdown()
        self._channel.close()

    def _run(self) -> None:
        while not self._over.is_set():
            self._room.acquire()
            request = {"subscription": self._subscription, "max_messages": 1}
            found = self._client.pull(request | {"return_immediately": True}).received_messages
            if found:
                self._pool.submit(self._hand_over, found[0])
            else:
                self._room.release()
                self._over.wait(_REST)

    def _hand_over(self, received: ReceivedMessage) -> None:
        try:
            given = {"subscription": self._subscription, "ack_ids": [received.ack_id]}
            if self._is_taken(received):
                self._client.acknowledge(given)
            else:
                self._client.modify_ack_deadline(given | {"ack_deadline_seconds": RETRY})
        finally:
            self._room.release()

    def _is_taken(self, received: ReceivedMessage) -> bool:
        message = received.message
        body = push_body(
            message.data,
            dict(message.attributes),
            ordering_key=message.ordering_key,
            message_id=message.message_id,
            publish_time=message.publish_time,
            attempt=0,
            subscription=self._subscription,
        )
        try:
            return requests.post(self._endpoint, data=body, timeout=_PATIENCE).ok
        except requests.RequestException:
            return False
