"""One POST to an assistant, in the terms of the project: its reply, or why there is none."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from lib.errors import (
    AssistantError,
    AssistantOversizeError,
    AssistantRefusedError,
    AssistantTimeoutError,
    GatewayError,
    ShortageError,
)
from lib.stopping import Stop
from lib.web.client import Client
from lib.web.errors import ExchangeError, LateError, OversizeError, ShortError, UnreachedError
from lib.web.message import Stream

MOST_BYTES = 1024 * 1024
"""Of a reply: several times what is shown of an answer, and little enough to be read at once."""

MOST_STREAM_BYTES = 8 * MOST_BYTES
"""Of a reply in events, each of which wraps a few characters in hundreds."""

EVENTS = "text/event-stream"

SUCCESS = 200
"""The status of a reply that holds an answer, or says why it has none."""

REFUSALS = frozenset({401, 403})
"""The statuses of a reply that did not let us in."""


_LAST_EVENT = re.compile(rb"data: ?\[DONE\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: its status, the content type as sent, the body, and who was asked."""

    status: int
    content_type: str
    body: bytes
    url: str = ""


class Follower(Protocol):
    """Whoever follows a reply while it arrives, and may end it."""

    stop: Stop

    def take(self, content_type: str, part: bytes) -> None:
        """Take the next bytes of a reply that says success."""


class Exchange:
    """Asks assistants, for all threads."""

    def __init__(self) -> None:
        self._client = Client()

    def post(
        self,
        url: str,
        document: Mapping[str, Any],
        headers: Mapping[str, str],
        timeout: float,
        follower: Follower,
    ) -> Reply:
        """Send JSON and return the complete reply, whatever its status.

        Never sent twice: an assistant may have run its tools already.

        Raises:
            StoppedError: the follower wants no more of it; the connection is closed.
            AssistantRefusedError: nobody answers there.
            AssistantTimeoutError: the reply was not complete in ``timeout`` seconds.
            AssistantOversizeError: the reply has more than ``MOST_BYTES``, or in events more than
                ``MOST_STREAM_BYTES``.
            AssistantError: the reply broke off.
            ShortageError: nobody was asked, for want of a descriptor or a thread of our own.
        """
        body = json.dumps(document, allow_nan=False).encode()
        sent = {"Content-Type": "application/json", **headers}
        most = MOST_STREAM_BYTES
        try:
            with self._client.stream(
                "POST", url, sent, body, timeout, most, stop=follower.stop
            ) as stream:
                return _followed(stream, url, follower)
        except ExchangeError as error:
            raise _failure(error, url) from None


def kind_of(content_type: str) -> str:
    """The kind that a content type names, without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def host_of(url: str) -> str:
    """The scheme, host and port of a URL: where credentials may go, and their audience."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def place_of(url: str) -> str:
    """A URL as it may be told: without a user, a password, a query or a fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300]


def _followed(stream: Stream, url: str, follower: Follower) -> Reply:
    content_type = stream.headers.get("content-type", "")
    most = MOST_STREAM_BYTES if kind_of(content_type) == EVENTS else MOST_BYTES
    parts: list[bytes] = []
    size = 0
    try:
        for part in stream.body:
            size += len(part)
            if size > most:
                raise OversizeError
            parts.append(part)
            if stream.status == SUCCESS:
                follower.take(content_type, part)
    except ExchangeError:
        # Some servers say that all was said, and never end the response.
        if not _LAST_EVENT.search(b"".join(parts[-2:])[-64:]):
            raise
    return Reply(stream.status, content_type, b"".join(parts), url)


def _failure(error: ExchangeError, url: str) -> GatewayError:
    match error:
        case ShortError():
            return ShortageError(str(error))
        case UnreachedError():
            return AssistantRefusedError(f"not reachable: {error}; asked {place_of(url)}")
        case LateError():
            return AssistantTimeoutError(f"no complete reply within the deadline: {error}")
        case OversizeError():
            return AssistantOversizeError("the reply is too large")
    return AssistantError(f"the reply broke off: {error}")
