"""An answer in each of the three forms of the assistant API."""

import json
import re
from collections.abc import Iterator

from flask import Response, jsonify

_PIECE = re.compile(r".{1,40}", re.DOTALL)


def in_json(answer: str) -> Response:
    """The form of the route that does not stream."""
    return jsonify(answer=answer, metadata={}, source_documents=[])


def in_events(answer: str) -> Response:
    """Server-sent events: pieces, then the whole answer, then the end."""

    def events() -> Iterator[str]:
        for piece in _PIECE.findall(answer):
            yield event({"chunk": piece})
        yield event({"answer": answer, "metadata": {}})
        yield "data: [DONE]\n\n"

    return Response(events(), mimetype="text/event-stream")


def in_text(answer: str) -> Response:
    """Text: pieces, and glued to the last the JSON of the answer."""
    pieces = [*_PIECE.findall(answer), json.dumps({"answer": answer, "metadata": {}})]
    return Response(iter(pieces), content_type="text/plain; charset=utf-8")


def event(document: dict[str, object]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(document)}\n\n"
