"""The moods of a real assistant, each an assistant id: ``mood-<name>``.

What the failures look like was read off real servers of this API.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, jsonify, request

from simulator.assistants.connection import of_request
from simulator.assistants.forms import Events, Form, Json, Text, event

_SECONDS = 600.0
_TRACEBACK = 'Traceback (most recent call last):\n  File "/app/vac.py", line 12, in vac\n'


def reply(name: str, question: dict[str, Any]) -> Response | None:
    """Return how an assistant in that mood replies; None if the name is no mood's."""
    mood = _MOODS.get(name.removeprefix("mood-")) if name.startswith("mood-") else None
    return mood(question) if mood else None


def _said(question: dict[str, Any]) -> str:
    return f"You said: {question.get('user_input')}"


def _whole(form: Form, answer: str) -> Response:
    return Response(
        form.piece(answer) + form.end(answer, answer, again=False), content_type=form.content_type
    )


def _in_json(answer: str) -> Response:
    return _whole(Json(), answer)


def _in_events(answer: str) -> Response:
    return _whole(Events(), answer)


def _slow(question: dict[str, Any], seconds: float = 0.5) -> Response:
    time.sleep(seconds)
    return _in_json(_said(question))


def _hang(_question: dict[str, Any]) -> Response:
    connection = of_request()

    def silence() -> Iterator[str]:
        connection.wait(_SECONDS)
        yield ""

    return Response(silence(), mimetype="application/json")


def _echo(question: dict[str, Any]) -> Response:
    received = {"body": question, "headers": dict(request.headers), "path": request.path}
    return _in_json(json.dumps(received))


def _endless(_question: dict[str, Any]) -> Response:
    piece = event({"chunk": "and so on " * 100})
    return Response(itertools.repeat(piece), mimetype="text/event-stream")


def _trickle(_question: dict[str, Any]) -> Response:
    def drops() -> Iterator[str]:
        for _ in range(int(_SECONDS * 20)):
            yield "."
            time.sleep(0.05)

    return Response(drops(), mimetype="text/plain")


def _streaming_error(_question: dict[str, Any]) -> Response:
    pieces = ["It began well. ", f"Streaming Error: division by zero {_TRACEBACK}"]
    return Response(iter(pieces), content_type="text/plain; charset=utf-8")


def _without_answer(_question: dict[str, Any]) -> Response:
    return Response(iter([event({"chunk": "It began well. "})]), mimetype="text/event-stream")


def _cut(_question: dict[str, Any]) -> Response:
    # Announces more than it sends, so that the connection ends in the middle.
    answer = Response(b'{"answer": "half', mimetype="application/json")
    answer.headers["Content-Length"] = "1000"
    return answer


def _wrong_type(question: dict[str, Any]) -> Response:
    answer = _in_events(_said(question))
    answer.content_type = "text/plain"
    return answer


def _redirect(_question: dict[str, Any]) -> Response:
    return Response(status=307, headers={"Location": "http://127.0.0.1:9/elsewhere"})


_MOODS: dict[str, Callable[[dict[str, Any]], Response]] = {
    "json": lambda q: _in_json(_said(q)),
    "events": lambda q: _in_events(_said(q)),
    "text": lambda q: _whole(Text(), _said(q)),
    "wrong-type": _wrong_type,
    "plain": lambda q: Response(_said(q), mimetype="text/plain"),
    "thinking": lambda q: _in_events(f"<thinking>Hm, secret.</thinking>\n\n{_said(q)}"),
    "only-thinking": lambda _: _in_json("<thinking>Hm, secret"),
    "slow": _slow,
    "slower": lambda q: _slow(q, 2),
    "hang": _hang,
    "echo": _echo,
    "endless": _endless,
    "trickle": _trickle,
    "failing": lambda _: Response("<h1>Internal Server Error</h1>", status=500),
    "html": lambda _: Response("<html><h1>Welcome</h1></html>", mimetype="text/html"),
    "traceback": lambda _: _in_json(f"QNA_ERROR: An error occurred: traceback: {_TRACEBACK}"),
    "streaming-error": _streaming_error,
    "without-answer": _without_answer,
    "error-event": lambda _: Response(event({"error": _TRACEBACK}), mimetype="text/event-stream"),
    "cut": _cut,
    "empty": lambda _: _in_json(""),
    "no-answer": lambda _: jsonify(result="what?"),
    "broken-json": lambda _: Response("{", mimetype="application/json"),
    "redirect": _redirect,
    "unauthorized": lambda _: Response("<h1>401</h1>", status=401),
    "forbidden": lambda _: Response("<h1>403</h1>", status=403),
    "unavailable": lambda _: Response(status=503, headers={"Retry-After": "1"}),
}
