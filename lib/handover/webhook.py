"""The webhook of whoever takes over: told as the Standard Webhooks have it.

A POST of JSON with the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. The
id is the message's, however often it is told. Source:
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import ClassVar

from lib.errors import GatewayError
from lib.model.human import HandoverEvent
from lib.web.client import Client
from lib.web.errors import ExchangeError

SECONDS = 10.0
MOST_BYTES = 64 * 1024
"""Of a response, of which only the status counts."""

LONGEST_SAID = 2000
"""Characters told of each side of what was said before."""

_GOOD = range(200, 300)


class HandoverError(GatewayError):
    """Those who take over could not be told; the same may work later."""

    code: ClassVar[str] = "handover"
    retryable: ClassVar[bool] = True


class HandoverWebhook:
    """Tells a URL what happens, signed with a key; ``clock`` counts seconds since 1970 in UTC."""

    def __init__(self, url: str, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._client = Client()

    def tell(self, event: HandoverEvent) -> None:
        """Tell it once more, until the response says that it was taken.

        Raises:
            HandoverError: it was not, or nobody knows.
        """
        self.post(event.id, document(event))

    def post(self, event_id: str, told: Mapping[str, object]) -> None:
        """Tell of an event in a document; see ``tell``."""
        body = json.dumps(told, ensure_ascii=False).encode(errors="replace")
        try:
            response = self._client.request(
                "POST", self._url, self._headers(event_id, body), body, SECONDS, MOST_BYTES
            )
        except ExchangeError as error:
            raise HandoverError(f"not told: {type(error).__name__}") from None
        if response.status not in _GOOD:
            raise HandoverError(f"not told: status {response.status}")

    def _headers(self, event_id: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        return {
            "Content-Type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._key, event_id, timestamp, body),
        }


def signature(key: bytes, event_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a request, version 1."""
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def document(event: HandoverEvent) -> dict[str, object]:
    """Return what is told of an event."""
    return {
        "type": f"handover.{event.kind.value}",
        "timestamp": event.at.isoformat(),
        "data": {
            "message_id": event.id,
            "contact": event.contact,
            "name": event.name,
            "session_id": event.session_id,
            "assistant_id": event.assistant_id,
            "trace_id": event.trace_id,
            "by": event.by,
            "text": event.text,
            "media": [{"url": one.url, "content_type": one.content_type} for one in event.media],
            "recent": [
                {"question": one.question[:LONGEST_SAID], "answer": one.answer[:LONGEST_SAID]}
                for one in event.recent
            ],
        },
    }
