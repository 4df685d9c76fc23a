"""One POST to an assistant, in the terms of the project: its reply, or why there is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lib.errors import (
    AssistantError,
    AssistantOversizeError,
    AssistantRefusedError,
    AssistantTimeoutError,
    GatewayError,
    ShortageError,
)
from lib.web.client import Client
from lib.web.errors import ExchangeError, LateError, OversizeError, ShortError, UnreachedError

MOST_BYTES = 1024 * 1024
"""Of a reply: several times what is shown of an answer, and little enough to be read at once."""

REFUSALS = frozenset({401, 403})
"""The statuses of a reply that did not let us in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: its status, the content type as sent, the body, and who was asked."""

    status: int
    content_type: str
    body: bytes
    url: str = ""


class Exchange:
    """Asks assistants, for all threads."""

    def __init__(self) -> None:
        self._client = Client()

    def post(
        self, url: str, document: Mapping[str, Any], headers: Mapping[str, str], timeout: float
    ) -> Reply:
        """Send JSON and return the complete reply, whatever its status.

        Never sent twice: an assistant may have run its tools already.

        Raises:
            AssistantRefusedError: nobody answers there.
            AssistantTimeoutError: the reply was not complete in ``timeout`` seconds.
            AssistantOversizeError: the reply has more than ``MOST_BYTES``.
            AssistantError: the reply broke off.
            ShortageError: nobody was asked, for want of a descriptor or a thread of our own.
        """
        body = json.dumps(document, allow_nan=False).encode()
        sent = {"Content-Type": "application/json", **headers}
        try:
            answer = self._client.request("POST", url, sent, body, timeout, MOST_BYTES)
        except ExchangeError as error:
            raise _failure(error, url) from None
        return Reply(answer.status, answer.headers.get("content-type", ""), answer.body, url)


def host_of(url: str) -> str:
    """The scheme, host and port of a URL: where credentials may go, and their audience."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def place_of(url: str) -> str:
    """A URL as it may be told: without a user, a password, a query or a fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300]


def _failure(error: ExchangeError, url: str) -> GatewayError:
    match error:
        case ShortError():
            return ShortageError(str(error))
        case UnreachedError():
            return AssistantRefusedError(f"not reachable: {error}; asked {place_of(url)}")
        case LateError():
            return AssistantTimeoutError(f"no complete reply within the deadline: {error}")
        case OversizeError():
            return AssistantOversizeError(f"the reply is too large: more than {MOST_BYTES} bytes")
    return AssistantError(f"the reply broke off: {error}")
