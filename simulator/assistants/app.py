"""Demo assistants that speak the assistant API over HTTP, and say what they are.

Beside the honest ones there is one for every mood in which a real assistant can be; see
``simulator.assistants.moods``. An id that nobody has gets an echo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request

from simulator.assistants import moods
from simulator.assistants.demo import Demo, Question
from simulator.assistants.echo import answer_to
from simulator.assistants.faults import AssistantFaults
from simulator.assistants.replies import in_events, in_json, in_text
from simulator.guard import guard

_MOST_BYTES = 1 << 20
_Form = Callable[[str], Response]


def create_app(demo: Demo | None = None, faults: AssistantFaults | None = None) -> Flask:
    """Return the assistants as a WSGI application; without ``demo`` all of them echo."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    view = _Views(demo, faults or AssistantFaults())
    routes = [
        ("/vac/assistant/<name>", view.json),
        ("/vac/<name>", view.json),
        ("/vac/assistant/<name>/sse", view.events),
        ("/vac/streaming/<name>", view.text),
    ]
    for path, function in routes:
        app.add_url_rule(path, path, function, methods=["POST"])
    app.add_url_rule("/v1/chat/completions", view_func=view.completion, methods=["POST"])
    app.add_url_rule("/health", view_func=_health, methods=["GET"])
    guard(app)
    return app


@dataclass(frozen=True, slots=True)
class _Views:
    demo: Demo | None
    faults: AssistantFaults

    def json(self, name: str) -> Response:
        return self._reply(name, in_json)

    def events(self, name: str) -> Response:
        return self._reply(name, in_events)

    def text(self, name: str) -> Response:
        return self._reply(name, in_text)

    def completion(self) -> Response:
        document = _document()
        messages = document.get("messages") or [{}]
        text = answer_to("demo", str(messages[-1].get("content", "")), len(messages) // 2)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = jsonify(object="chat.completion", model=document.get("model"), choices=[choice])
        return self.faults.suffer(lambda: answer)

    def _reply(self, name: str, form: _Form) -> Response:
        return self.faults.suffer(lambda: self._said(name, form))

    def _said(self, name: str, form: _Form) -> Response:
        document = _document()
        mood = moods.reply(name, document)
        if mood is not None:
            return mood
        asked, earlier = str(document.get("user_input", "")), _earlier(document)
        said = self.demo.reply(name, Question(asked, earlier), form) if self.demo else None
        if said is not None:
            return said
        return form(answer_to(name, asked, _pairs(document)))


def _health() -> Response:
    return jsonify(status="healthy")


def _document() -> dict[str, Any]:
    document = request.get_json()
    return document if isinstance(document, dict) else {}


def _history(document: dict[str, Any]) -> list[Any]:
    history = document.get("chat_history")
    return history if isinstance(history, list) else []


def _pairs(document: dict[str, Any]) -> int:
    return len(_history(document)) // 2


def _earlier(document: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(entry.get("content", ""))
        for entry in _history(document)
        if isinstance(entry, dict) and entry.get("name") == "Human"
    )
