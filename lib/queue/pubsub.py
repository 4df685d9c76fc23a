"""The queue on Google Cloud: a Pub/Sub topic with an ordered push subscription behind it."""

import threading

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError
from google.pubsub_v1 import PublisherClient, PubsubMessage
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from lib.errors import QueueError
from lib.model import DeliveryReport, InboundMessage
from lib.queue.envelope import encode

# What the generated client itself holds to be passing.
_PASSING = if_exception_type(
    exceptions.Aborted,
    exceptions.Cancelled,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.ResourceExhausted,
    exceptions.ServiceUnavailable,
    exceptions.Unknown,
)


class PubSubPublisher:
    """Publishes each message on its own, confirmed. Connects at first use, after any fork.

    The generated client is used rather than ``google.cloud.pubsub_v1``: that one batches,
    which delays a single message, and refuses a key after a failure until told otherwise.
    ``endpoint`` is a regional one: Pub/Sub keeps order only among what enters one region.
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

    def publish(self, message: InboundMessage | DeliveryReport) -> None:
        """Queue a message; Pub/Sub has it when this returns. See the port.

        After a lost answer it may be queued twice, which the responder sees by its id.
        """
        data, attributes = encode(message)
        try:
            queued = PubsubMessage(data=data, attributes=attributes, ordering_key=message.address)
            self._publish(queued)
        except (exceptions.GoogleAPIError, GoogleAuthError, OSError, ValueError) as error:
            reason = getattr(error, "cause", None) or error
            raise QueueError(f"Pub/Sub did not take it: {type(reason).__name__}") from None

    def _publish(self, queued: PubsubMessage) -> None:
        # An attempt lasts a third of the time at most and none begins in the last third: the
        # client may give even the last attempt the whole of the time it is told for each.
        attempt = self._timeout / 3
        self._connected().publish(
            topic=self._topic,
            messages=[queued],
            retry=Retry(predicate=_PASSING, initial=0.1, maximum=1.0, timeout=2 * attempt),
            timeout=attempt,
        )

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
