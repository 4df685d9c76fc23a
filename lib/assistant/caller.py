"""Calling an assistant: its address, its credentials, one deadline for all of it."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from lib.assistant.credentials import GoogleTokens
from lib.assistant.diagnosis import check_status
from lib.assistant.endpoint import Endpoint, endpoint_of
from lib.assistant.exchange import REFUSALS, Exchange, Reply
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

    def post(
        self,
        assistant: Assistant,
        path: str,
        document: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask an assistant once; return its successful reply.

        Raises:
            AssistantError: there is none; see ``Exchange.post`` and ``check_status``.
            ConfigurationError: the assistant's settings lack something.
        """
        started = time.monotonic()
        endpoint = endpoint_of(assistant, self._endpoint, self._secret)
        reply = self._post(endpoint, path, document, headers or {}, started + self._timeout)
        _log.debug(
            "assistant replied",
            extra={
                "assistant_id": assistant.id,
                "status": reply.status,
                "content_type": reply.content_type,
                "bytes": len(reply.body),
                "elapsed_ms": round((time.monotonic() - started) * 1000),
            },
        )
        check_status(reply, assistant)
        return reply

    def _post(
        self,
        endpoint: Endpoint,
        path: str,
        document: Mapping[str, Any],
        headers: Mapping[str, str],
        deadline: float,
    ) -> Reply:
        def send() -> Reply:
            login = endpoint.headers(self._tokens)
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssistantTimeoutError("no time left to ask")
            return self._exchange.post(endpoint.url + path, document, {**headers, **login}, left)

        reply = send()
        if reply.status in REFUSALS and endpoint.renewable:
            # Refused at the door, so nothing has run yet and asking again is safe.
            endpoint.renew(self._tokens)
            reply = send()
        return reply
