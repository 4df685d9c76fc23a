"""A chat completion over the wire, whole and as a stream.

Source: platform.openai.com/docs/api-reference/chat-streaming.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.assistants.forms import DONE, event

_CHARACTERS_PER_TOKEN = 4
_ERROR = {"error": {"message": "The server had an error.", "type": "server_error", "code": None}}


@dataclass(frozen=True, slots=True)
class Completion:
    """A chat completion in one piece. ``asked`` is how many characters the messages have."""

    model: str
    asked: int = 0
    content_type = "application/json"
    streams = False

    def begin(self) -> str:
        """Nothing."""
        return ""

    def piece(self, _text: str) -> str:
        """Nothing."""
        return ""

    def end(self, said: str, _answer: str, *, again: bool) -> str:  # noqa: ARG002 - of the protocol
        """All there is."""
        message = {"role": "assistant", "content": said}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return json.dumps(
            {**_head("chat.completion", self.model, choice), "usage": _usage(self.asked, said)}
        )

    def failure(self) -> str:
        """An error, as it stands in replies of success, too."""
        return json.dumps(_ERROR)


@dataclass(frozen=True, slots=True)
class CompletionEvents:
    """A chat completion as a stream. ``counts`` is whether it was asked for its usage."""

    model: str
    asked: int = 0
    counts: bool = False
    content_type = "text/event-stream; charset=utf-8"
    streams = True

    def begin(self) -> str:
        """Who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> str:
        """An event."""
        return self._chunk({"content": text})

    def end(self, said: str, answer: str, *, again: bool) -> str:
        """Why it ended, and the usage if asked for; of an answer without a word, only that."""
        parts = [self._chunk({}, "stop")] if said else []
        if again:
            message = {"role": "assistant", "content": answer}
            parts = [self._event({"index": 0, "message": message, "finish_reason": "stop"})]
        if self.counts:
            document = _head("chat.completion.chunk", self.model)
            parts.append(event({**document, "usage": _usage(self.asked, said)}))
        return "".join(parts) + DONE

    def failure(self) -> str:
        """An event, after which the stream ends."""
        return event(_ERROR)

    def _chunk(self, delta: Mapping[str, str], ending: str | None = None) -> str:
        return self._event({"index": 0, "delta": delta, "finish_reason": ending})

    def _event(self, choice: Mapping[str, Any]) -> str:
        none: dict[str, Any] = {"usage": None} if self.counts else {}
        return event({**_head("chat.completion.chunk", self.model, choice), **none})


def _head(kind: str, model: str, *choices: Mapping[str, Any]) -> dict[str, Any]:
    created = int(time.time())
    fixed = {"id": "chatcmpl-simulated", "object": kind, "created": created, "model": model}
    return {**fixed, "choices": list(choices)}


def _usage(asked: int, said: str) -> dict[str, int]:
    prompt, completion = asked // _CHARACTERS_PER_TOKEN, -(-len(said) // _CHARACTERS_PER_TOKEN)
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
