"""Demo assistants that speak the assistant API over HTTP, and say what they are.

Beside the honest ones, whose ids are any you like, there is one for every mood in which a real
assistant can be; see ``simulator.assistants.moods``.
"""

from typing import Any

from flask import Flask, Response, jsonify, request

from simulator.assistants import moods
from simulator.assistants.echo import answer_to
from simulator.assistants.replies import in_events, in_json, in_text

_MOST_BYTES = 1 << 20


def create_app() -> Flask:
    """Return the demo assistants as a WSGI application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    app.add_url_rule("/vac/assistant/<name>", view_func=_json, methods=["POST"])
    app.add_url_rule("/vac/<name>", view_func=_json, methods=["POST"], endpoint="vac")
    app.add_url_rule("/vac/assistant/<name>/sse", view_func=_events, methods=["POST"])
    app.add_url_rule("/vac/streaming/<name>", view_func=_text, methods=["POST"])
    app.add_url_rule("/v1/chat/completions", view_func=_completion, methods=["POST"])
    app.add_url_rule("/health", view_func=_health, methods=["GET"])
    return app


def _json(name: str) -> Response:
    return moods.reply(name, _question()) or in_json(_answer(name))


def _events(name: str) -> Response:
    return moods.reply(name, _question()) or in_events(_answer(name))


def _text(name: str) -> Response:
    return moods.reply(name, _question()) or in_text(_answer(name))


def _completion() -> Response:
    document = _question()
    messages = document.get("messages") or [{}]
    text = answer_to("demo", str(messages[-1].get("content", "")), len(messages) // 2)
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return jsonify(object="chat.completion", model=document.get("model"), choices=[choice])


def _health() -> Response:
    return jsonify(status="healthy")


def _question() -> dict[str, Any]:
    document = request.get_json()
    return document if isinstance(document, dict) else {}


def _answer(name: str) -> str:
    question = _question()
    history = question.get("chat_history")
    pairs = len(history) // 2 if isinstance(history, list) else 0
    return answer_to(name, str(question.get("user_input", "")), pairs)
