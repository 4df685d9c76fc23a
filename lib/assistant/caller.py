"""Calling an assistant: its address, its credentials, one deadline for all of it."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.assistant.credentials import GoogleTokens
from lib.assistant.endpoint import Endpoint, endpoint_of
from lib.assistant.exchange import REFUSALS, Exchange, Follower, Reply
from lib.errors import AssistantTimeoutError
from lib.model import Assistant

_log = logging.getLogger(__name__)


class Caller:
    """Posts questions for all threads of a process.

    ``endpoint`` is where assistants are that name no place of their own. ``timeout`` is the
    limit of a whole answer in seconds. ``secret`` looks up a key by the name that an
    assistant's settings give.
    """

    def __init__(self, endpoint: Endpoint, timeout: float, secret: Callable[[str], str]) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._secret = secret
        self._exchange = Exchange()
        self._tokens = GoogleTokens()

    def begin(self, assistant: Assistant, follower: Follower) -> "Call":
        """Begin to ask an assistant: its deadline runs from now.

        Raises:
            ConfigurationError: the assistant's settings lack something.
        """
        deadline = time.monotonic() + self._timeout
        endpoint = endpoint_of(assistant, self._endpoint, self._secret)
        return Call(self._exchange, self._tokens, endpoint, assistant, follower, deadline)


@dataclass(frozen=True, slots=True)
class Call:
    """One question to one assistant, until its deadline (``time.monotonic``)."""

    exchange: Exchange
    tokens: GoogleTokens
    endpoint: Endpoint
    assistant: Assistant
    follower: Follower
    deadline: float

    def post(
        self, path: str, document: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Ask once; return the reply, whatever its status.

        Raises:
            StoppedError: nobody wants the answer any more.
            AssistantError: there is none; see ``Exchange.post``.
        """
        started = time.monotonic()
        reply = self._post(path, document, headers or {})
        _log.debug(
            "assistant replied",
            extra={
                "assistant_id": self.assistant.id,
                "status": reply.status,
                "content_type": reply.content_type,
                "bytes": len(reply.body),
                "elapsed_ms": round((time.monotonic() - started) * 1000),
            },
        )
        return reply

    def _post(self, path: str, document: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        def send() -> Reply:
            login = endpoint.headers(self.tokens)
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise AssistantTimeoutError("no time left to ask")
            url, sent = endpoint.url + path, {**headers, **login}
            return self.exchange.post(url, document, sent, left, self.follower)

        endpoint = self.endpoint
        reply = send()
        if reply.status in REFUSALS and endpoint.renewable:
            # Refused at the door, so nothing has run yet and asking again is safe.
            endpoint.renew(self.tokens)
            reply = send()
        return reply
