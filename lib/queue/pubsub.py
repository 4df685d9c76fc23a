"""The queue on Google Cloud: a Pub/Sub topic with an ordered push subscription behind it."""

import threading

import grpc
from google.api_core.exceptions import GoogleAPIError, RetryError
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.pubsub_v1 import PublisherClient, PubsubMessage
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from lib.errors import QueueError
from lib.model import InboundMessage
from lib.queue.envelope import encode


class PubSubPublisher:
    """Publishes each message on its own, confirmed. Connects at first use, after any fork.

    The generated client is used rather than ``google.cloud.pubsub_v1``: that one batches,
    which delays a single message, and refuses a key after a failure until told otherwise.
    ``endpoint`` is a regional one, without which order holds within one region only.
    ``timeout`` bounds everything, retries included, in seconds: Twilio waits for fifteen.
    """

    def __init__(
        self,
        project: str,
        topic: str,
        *,
        emulator_host: str = "",
        endpoint: str = "",
        timeout: float = 8.0,
    ) -> None:
        self._topic = f"projects/{project}/topics/{topic}"
        self._emulator_host = emulator_host
        self._endpoint = endpoint
        self._timeout = timeout
        self._lock = threading.Lock()
        self._client: PublisherClient | None = None

    def publish(self, message: InboundMessage) -> None:
        """Queue a message; Pub/Sub has it when this returns. See the port."""
        data, attributes = encode(message)
        queued = PubsubMessage(data=data, attributes=attributes, ordering_key=message.address)
        try:
            self._connected().publish(
                topic=self._topic,
                messages=[queued],
                retry=Retry(initial=0.1, maximum=2.0, timeout=self._timeout),
                timeout=self._timeout,
            )
        except (GoogleAPIError, RetryError, GoogleAuthError) as error:
            raise QueueError(f"Pub/Sub did not take it: {type(error).__name__}") from None

    def _connected(self) -> PublisherClient:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> PublisherClient:
        if self._emulator_host:
            channel = grpc.insecure_channel(self._emulator_host)
            return PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        options = {"api_endpoint": self._endpoint} if self._endpoint else None
        return PublisherClient(client_options=options)
