"""One POST to an assistant, in the terms of the project: its reply, or why there is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lib.errors import (
    AssistantError,
    AssistantRefusedError,
    AssistantTimeoutError,
    GatewayError,
    ShortageError,
)
from lib.web.errors import ExchangeError, LateError, OversizeError, ShortError, UnreachedError
from lib.web.exchange import MOST_BYTES, Client

__all__ = ["MOST_BYTES"]

REFUSALS = frozenset({401, 403})
"""The statuses of a reply that did not let us in."""

_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: its status, the content type as sent, and the body."""

    status: int
    content_type: str
    body: bytes


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
            AssistantError: the reply broke off, or is too large.
            ShortageError: nobody was asked, for want of a descriptor or a thread of our own.
        """
        body = json.dumps(document, allow_nan=False).encode()
        sent = {"Content-Type": "application/json", **headers}
        try:
            answer = self._client.exchange("POST", url, sent, body, timeout)
        except ExchangeError as error:
            raise _failure(error) from None
        return Reply(answer.status, answer.headers.get("content-type", ""), answer.body)


def check_status(reply: Reply) -> None:
    """Return if a reply says success.

    Raises:
        AssistantRefusedError: it did not let us in.
        AssistantError: it failed. Its words stay where they are: they may hold code and paths.
    """
    if reply.status in REFUSALS:
        raise AssistantRefusedError(f"HTTP {reply.status}")
    if reply.status != _SUCCESS:
        raise AssistantError(f"HTTP {reply.status}")


def host_of(url: str) -> str:
    """The scheme, host and port of a URL: where credentials may go, and their audience."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _failure(error: ExchangeError) -> GatewayError:
    match error:
        case ShortError():
            return ShortageError(str(error))
        case UnreachedError():
            return AssistantRefusedError(f"not reachable: {error}")
        case LateError():
            return AssistantTimeoutError(f"no complete reply within the deadline: {error}")
        case OversizeError():
            return AssistantError("the reply is too large")
    return AssistantError(f"the reply broke off: {error}")
