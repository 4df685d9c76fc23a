"""An assistant behind chat completions that writes slowly, and otherwise each time."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from tests.chaos.thinking import Mood, Plan, asked, paragraphs

PIECE = 60
"""Characters."""

SECONDS = (0.05, 0.5)
"""What a paragraph takes."""


def streaming_assistant(plan: Plan) -> Flask:
    """An assistant of all moods of the plan."""
    app = Flask(__name__)
    attempts: Counter[tuple[int, ...]] = Counter()
    chance = plan.random("assistant")
    lock = threading.Lock()

    @app.post("/v1/chat/completions")
    def complete() -> Response:
        question = asked(request.get_json()["messages"][-1]["content"])
        with lock:
            attempts[question.tokens] += 1
            attempt, pace = attempts[question.tokens], chance.uniform(*SECONDS)
        said = paragraphs(question, attempt)
        if question.mood is Mood.CUT:
            said = said[: random.Random(f"{question.tokens}").randrange(len(said) + 1)]  # noqa: S311 - to be repeated
        pieces = _pieces("\n\n".join(said), pace * PIECE / 700)
        return streamed(pieces, ends=question.mood is not Mood.CUT)

    return app


def streamed(pieces: Iterable[str], *, ends: bool = True) -> Response:
    """An answer in pieces, as they come."""
    return Response(_events(pieces, ends=ends), mimetype="text/event-stream")


def _pieces(text: str, pause: float) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        time.sleep(pause)
        yield text[start : start + PIECE]


def _events(pieces: Iterable[str], *, ends: bool) -> Iterator[str]:
    for piece in pieces:
        yield _event({"choices": [{"index": 0, "delta": {"content": piece}}]})
    if ends:
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        yield "data: [DONE]\n\n"


def _event(document: object) -> str:
    return f"data: {json.dumps(document)}\n\n"
