"""The queue on Google Cloud: a Pub/Sub topic with an ordered push subscription behind it.

Published over REST (Pub/Sub, "Method: projects.topics.publish"): the generated client takes more
time to import than everything else of a cold start together. See decision 0026.
"""

import json
import random
import time
from base64 import b64encode
from urllib.parse import quote

from lib.errors import QueueError
from lib.google.responses import MOST_BYTES, StatusError, body_of
from lib.google.tokens import TokenError, Tokens
from lib.model import QueueItem
from lib.queue.envelope import encode
from lib.web.direct import DirectClient
from lib.web.errors import ExchangeError, OversizeError, UnusableError

SCOPE = "https://www.googleapis.com/auth/pubsub"
"""Of the access tokens that publish, where they can be narrowed."""

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0


class PubSubPublisher:
    """Publishes each message on its own, confirmed. Connects at first use, after any fork.

    ``url`` is the server's, without a path. A regional endpoint is to be preferred: Pub/Sub
    keeps order only among what enters one region. ``tokens`` say who publishes; an emulator
    does not ask. ``timeout`` bounds everything, retries included, in seconds: Twilio waits for
    fifteen.
    """

    def __init__(
        self,
        project: str,
        topic: str,
        url: str,
        *,
        tokens: Tokens | None = None,
        timeout: float = 8.0,
    ) -> None:
        self._url = url + quote(f"/v1/projects/{project}/topics/{topic}:publish", safe="/:")
        self._client = DirectClient()
        self._tokens = tokens
        self._timeout = timeout

    def publish(self, message: QueueItem, *, fast: bool = False) -> None:
        """Queue a message; Pub/Sub has it when this returns. See the port.

        After a lost answer it may be queued twice, which the responder sees by its id.
        """
        body = _body(message, fast=fast)
        deadline = time.monotonic() + self._timeout
        pause = _FIRST_PAUSE
        while (failure := self._attempt(body, deadline)) is not None:
            rest = random.uniform(pause / 2, pause)  # noqa: S311 - no secret, so that not all come at once
            if time.monotonic() + rest >= deadline:
                raise QueueError(f"Pub/Sub did not take it: {failure}")
            time.sleep(rest)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def close(self) -> None:
        """Close the connections that are kept for the next message."""
        self._client.close()

    def _attempt(self, body: bytes, deadline: float) -> str | None:
        """Publish once; return None, or what went wrong where it may pass.

        A third of the time at most, so that a server's silence is not the end of it.
        """
        try:
            self._post(body, min(self._timeout / 3, deadline - time.monotonic()))
        except StatusError as error:
            if not error.passing:
                raise QueueError(f"Pub/Sub did not take it: {error}") from None
            return str(error)
        except TokenError as error:
            raise QueueError(str(error)) from None
        except (OversizeError, UnusableError) as error:
            raise QueueError(f"Pub/Sub did not take it: {type(error).__name__}") from None
        except (ExchangeError, OSError) as error:
            return type(error).__name__
        return None

    def _post(self, body: bytes, seconds: float) -> None:
        started = time.monotonic()
        headers = {"Content-Type": "application/json"}
        if self._tokens:
            headers["Authorization"] = f"Bearer {self._tokens.get(seconds)}"
        left = seconds - (time.monotonic() - started)
        body_of(self._client.request("POST", self._url, headers, body, left, MOST_BYTES))


def _body(message: QueueItem, *, fast: bool) -> bytes:
    data, attributes = encode(message, fast=fast)
    queued = {"data": b64encode(data).decode(), "attributes": attributes}
    if not fast:  # what has no key is delivered beside those that wait for one another
        queued["orderingKey"] = message.address
    try:
        return _ENCODER.encode({"messages": [queued]}).encode()
    except UnicodeEncodeError:
        raise QueueError("an address that is no text") from None
