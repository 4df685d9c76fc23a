"""The forms in which an answer goes over the wire: three of the assistant API, two of OpenAI's.

What a stream of chat completions is made of: platform.openai.com/docs/api-reference/chat-streaming.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_TRACEBACK = 'Traceback (most recent call last):\n  File "/app/vac.py", line 12, in vac\n'
_CHARACTERS_PER_TOKEN = 4
_DONE = "data: [DONE]\n\n"


class Form(Protocol):
    """What is written at each step of an answer; nothing where a form has nothing for it.

    ``streams`` is whether pieces are sent as they come.
    """

    content_type: str
    streams: bool

    def begin(self) -> str:
        """What stands before the first piece."""

    def piece(self, text: str) -> str:
        """A piece of the answer."""

    def end(self, said: str, answer: str, *, again: bool) -> str:
        """What stands after the last piece.

        ``said`` are all pieces, ``answer`` is the whole as the assistant has it in the end;
        ``again`` is whether it says it once more where its protocol does not ask for that.
        """

    def failure(self) -> str:
        """What tells that the assistant failed while it was writing."""


class Json:
    """The assistant API without a stream."""

    content_type = "application/json"
    streams = False

    def begin(self) -> str:
        """Nothing."""
        return ""

    def piece(self, _text: str) -> str:
        """Nothing."""
        return ""

    def end(self, _said: str, answer: str, *, again: bool) -> str:  # noqa: ARG002 - of the protocol
        """All there is."""
        return json.dumps({"answer": answer, "metadata": {}, "source_documents": []})

    def failure(self) -> str:
        """An answer that is none."""
        return json.dumps({"answer": f"QNA_ERROR: An error occurred: traceback: {_TRACEBACK}"})


class Events:
    """The assistant API's server-sent events."""

    content_type = "text/event-stream; charset=utf-8"
    streams = True

    def begin(self) -> str:
        """Nothing."""
        return ""

    def piece(self, text: str) -> str:
        """An event."""
        return event({"chunk": text})

    def end(self, _said: str, answer: str, *, again: bool) -> str:  # noqa: ARG002 - of the protocol
        """The whole answer, and the end."""
        return event({"answer": answer, "metadata": {}}) + _DONE

    def failure(self) -> str:
        """An event, after which the stream ends."""
        return event({"error": _TRACEBACK})


class Text:
    """The assistant API's text, with the JSON of the answer glued to its end."""

    content_type = "text/plain; charset=utf-8"
    streams = True

    def begin(self) -> str:
        """Nothing."""
        return ""

    def piece(self, text: str) -> str:
        """The text itself."""
        return text

    def end(self, _said: str, answer: str, *, again: bool) -> str:  # noqa: ARG002 - of the protocol
        """The JSON."""
        return json.dumps({"answer": answer, "metadata": {}})

    def failure(self) -> str:
        """Words in the middle of the text."""
        return f"Streaming Error: division by zero {_TRACEBACK}"


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
        return "".join(parts) + _DONE

    def failure(self) -> str:
        """An event, after which the stream ends."""
        return event(_ERROR)

    def _chunk(self, delta: Mapping[str, str], ending: str | None = None) -> str:
        return self._event({"index": 0, "delta": delta, "finish_reason": ending})

    def _event(self, choice: Mapping[str, Any]) -> str:
        none: dict[str, Any] = {"usage": None} if self.counts else {}
        return event({**_head("chat.completion.chunk", self.model, choice), **none})


_ERROR = {"error": {"message": "The server had an error.", "type": "server_error", "code": None}}


def event(document: Mapping[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(document)}\n\n"


def _head(kind: str, model: str, *choices: Mapping[str, Any]) -> dict[str, Any]:
    created = int(time.time())
    fixed = {"id": "chatcmpl-simulated", "object": kind, "created": created, "model": model}
    return {**fixed, "choices": list(choices)}


def _usage(asked: int, said: str) -> dict[str, int]:
    prompt, completion = asked // _CHARACTERS_PER_TOKEN, -(-len(said) // _CHARACTERS_PER_TOKEN)
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
