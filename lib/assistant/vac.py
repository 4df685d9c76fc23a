"""Assistants behind the assistant API of Aitana and of sunholo's VACs."""

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from lib.assistant.credentials import GoogleTokens
from lib.assistant.decode import decode
from lib.assistant.endpoint import Endpoint, endpoint_of
from lib.assistant.exchange import Exchange, Reply, check_status
from lib.assistant.thinking import separate
from lib.errors import AssistantEmptyError, AssistantRefusedError
from lib.model import Answer, Assistant, Question

_MOST_PAIRS = 5
_log = logging.getLogger(__name__)


class VacAssistant:
    """Implements the assistant port. ``timeout`` is the limit of a whole answer in seconds.

    ``secret`` looks up a key by the name an assistant's settings give.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        path: str = "/vac/assistant/{assistant_id}",
        timeout: float = 110.0,
        secret: Callable[[str], str],
    ) -> None:
        self._endpoint = endpoint
        self._path = path
        self._timeout = timeout
        self._secret = secret
        self._exchange = Exchange()
        self._tokens = GoogleTokens()

    def ask(self, assistant: Assistant, question: Question) -> Answer:
        """Ask once and return the complete answer; see the port."""
        endpoint = endpoint_of(assistant, self._endpoint, self._secret)
        path = assistant.settings.get("path") or self._path
        url = endpoint.url + path.replace("{assistant_id}", quote(assistant.id, safe=""))
        started = time.monotonic()
        reply = self._post(url, endpoint, question, started + self._timeout)
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
        check_status(reply)
        text, thinking = separate(decode(reply))
        if not text.strip():
            raise AssistantEmptyError("nothing but thinking")
        return Answer(text, thinking)

    def _post(self, url: str, endpoint: Endpoint, question: Question, deadline: float) -> Reply:
        reply = self._send(url, endpoint, question, deadline)
        if reply.status in {401, 403} and endpoint.renewable:
            # Refused at the door, so nothing has run yet and asking again is safe.
            endpoint.renew(self._tokens)
            reply = self._send(url, endpoint, question, deadline)
        return reply

    def _send(self, url: str, endpoint: Endpoint, question: Question, deadline: float) -> Reply:
        headers = {
            "X-User-ID": _header(question.email),
            "X-Session-ID": _header(question.session_id),
            "X-Message-Source": "whatsapp",
            **endpoint.headers(self._tokens),
        }
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssistantRefusedError("no time left to ask")
        return self._exchange.post(url, _body(question), headers, left)


def _body(question: Question) -> dict[str, Any]:
    return {
        "user_input": question.text,
        "chat_history": _history(question),
        "currentUser": {"email": question.email, "sessionId": question.session_id},
        "selectedItems": [],
        "save_to_history": False,
        "trace_id": question.trace_id,
    }


def _history(question: Question) -> list[dict[str, str]]:
    # Any other name counts as a bot; more than five pairs mix up people in a VAC's cache.
    return [
        message
        for pair in question.history[-_MOST_PAIRS:]
        for message in (
            {"name": "Human", "content": pair.question},
            {"name": "AI", "content": pair.answer},
        )
    ]


def _header(value: str) -> str:
    return quote(value, safe="+@.-_:")
