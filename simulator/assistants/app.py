"""Demo assistants that speak the assistant API over HTTP, and say what they are.

Beside the honest ones there is one for every mood in which a real assistant can be (see
``simulator.assistants.moods``), and for every way of writing an answer while somebody reads it
(``simulator.assistants.streams``). An id that nobody has gets an echo. ``GET /simulator/streams``
tells what became of each answer, ``DELETE`` forgets it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from simulator.assistants import moods, streams
from simulator.assistants.completions import Completion, CompletionEvents
from simulator.assistants.connection import of_request
from simulator.assistants.demo import Demo, Question
from simulator.assistants.echo import answer_to
from simulator.assistants.faults import AssistantFaults
from simulator.assistants.forms import Events, Form, Json, Text
from simulator.assistants.journal import Journal
from simulator.assistants.performing import at_once, perform
from simulator.guard import guard
from simulator.site import Site

_MOST_BYTES = 32 << 20
"""Of a question: an album of photos comes as one."""

_SEEING = frozenset({"observer"})


def create_app(demo: Demo | None = None, faults: AssistantFaults | None = None) -> Site:
    """Return the assistants as a WSGI application; without ``demo`` all of them echo."""
    app = Site(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    view = _Views(demo, faults or AssistantFaults(), Journal())
    routes: list[tuple[str, Callable[..., Response]]] = [
        ("/vac/assistant/<name>", view.json),
        ("/vac/<name>", view.json),
        ("/vac/assistant/<name>/sse", view.events),
        ("/vac/streaming/<name>", view.text),
        ("/v1/chat/completions", view.completion),
        ("/chat/completions", view.completion),
    ]
    for path, function in routes:
        app.add_url_rule(path, path, function, methods=["POST"])
    app.add_url_rule("/health", view_func=_health, methods=["GET"])
    app.add_url_rule("/simulator/streams", view_func=view.streams, methods=["GET"])
    app.add_url_rule("/simulator/streams", "forget", view.forget, methods=["DELETE"])
    guard(app)
    return app


@dataclass(frozen=True, slots=True)
class _Views:
    demo: Demo | None
    faults: AssistantFaults
    journal: Journal

    def json(self, name: str) -> Response:
        return self._ask(name, Json())

    def events(self, name: str) -> Response:
        return self._ask(name, Events())

    def text(self, name: str) -> Response:
        return self._ask(name, Text())

    def completion(self) -> Response:
        """Answer a chat completion: the model is the assistant."""
        document = _document()
        model = str(document.get("model", ""))
        messages = _messages(document, "user")
        said = [_words(one, sees=model in _SEEING) for one in messages]
        asked = sum(map(len, said))
        shown = tuple(_pictures(messages[-1])) if messages and model in _SEEING else ()
        options = document.get("stream_options") or {}
        form: Form = Completion(model, asked)
        if document.get("stream"):
            form = CompletionEvents(model, asked, bool(options.get("include_usage")))
        text, earlier = said[-1] if said else "", tuple(said[:-1])
        question = Question(text, earlier, shown)
        return self.faults.suffer(lambda: self._perform(model, question, form))

    def streams(self) -> Response:
        """Tell what became of each answer: see ``simulator.assistants.journal``."""
        return jsonify(streams=self.journal.view())

    def forget(self) -> Response:
        """Forget what became of them, and how often anything was asked."""
        self.journal.clear()
        return Response(status=204)

    def _ask(self, name: str, form: Form) -> Response:
        return self.faults.suffer(lambda: self._said(name, form))

    def _said(self, name: str, form: Form) -> Response:
        document = _document()
        asked = str(document.get("user_input", ""))
        mood = moods.reply(name, document)
        if mood is None and self.demo is not None:
            mood = self.demo.failure(name, asked)
        return mood or self._perform(name, Question(asked, _earlier(document)), form)

    def _perform(self, name: str, question: Question, form: Form) -> Response:
        stream = self.journal.begin(name, type(form).__name__, question.text)
        script = streams.script(name, question.text, stream.attempt)
        if script is None and self.demo is not None:
            script = self.demo.script(name, question, streams=form.streams)
        if script is None:
            script = at_once(answer_to(name, question.text, len(question.earlier)))
        return perform(script, form, of_request(), stream)


def _health() -> Response:
    return jsonify(status="healthy")


def _document() -> dict[str, Any]:
    document = request.get_json()
    return document if isinstance(document, dict) else {}


def _history(document: dict[str, Any]) -> list[Any]:
    history = document.get("chat_history")
    return history if isinstance(history, list) else []


def _messages(document: dict[str, Any], role: str) -> Sequence[dict[str, Any]]:
    messages = document.get("messages")
    found = messages if isinstance(messages, list) else []
    return [one for one in found if isinstance(one, dict) and one.get("role") == role]


def _parts(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    content = message.get("content") or ""
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    return [one for one in parts if isinstance(one, dict) and one.get("type") == kind]


def _words(message: dict[str, Any], *, sees: bool) -> str:
    """The words of a message, and how many pictures come with them to who cannot see any."""
    words = [str(one.get("text", "")) for one in _parts(message, "text")]
    shown = 0 if sees else len(_parts(message, "image_url"))
    return "\n".join([*words, *([f"[{shown} shown to me, who cannot see]"] if shown else [])])


def _pictures(message: dict[str, Any]) -> Iterator[str]:
    for part in _parts(message, "image_url"):
        named = part.get("image_url")
        yield str(named.get("url", "") if isinstance(named, dict) else named)


def _earlier(document: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(entry.get("content", ""))
        for entry in _history(document)
        if isinstance(entry, dict) and entry.get("name") == "Human"
    )
