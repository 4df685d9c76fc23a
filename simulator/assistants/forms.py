"""The forms in which an answer goes over the wire, and the three of the assistant API."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

_TRACEBACK = 'Traceback (most recent call last):\n  File "/app/vac.py", line 12, in vac\n'
DONE = "data: [DONE]\n\n"
"""The last event of a stream."""


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
        return event({"answer": answer, "metadata": {}}) + DONE

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


def event(document: Mapping[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(document)}\n\n"
