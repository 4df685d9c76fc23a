"""What the log tells of an assistant that cannot be asked, over real HTTP."""

import pytest
from flask import Flask, Response

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.assistant.vac import VacAssistant
from lib.errors import AssistantDeclinedError, AssistantError, AssistantRefusedError
from lib.model import Assistant, Question
from lib.ports.listener import Silence
from simulator.server import serve
from tests.processes import free_port

QUESTION = Question("What is it?", "a@b", "s", "t")
KEY = "sk-very-secret-1"


@pytest.fixture
def answering():
    """Serves one fixed HTTP reply at every path."""
    servers = []

    def start(status, body, kind="application/json", headers=None):
        app = Flask("fixed")

        @app.post("/<path:path>")
        def fixed(path):
            return Response(body, status=status, content_type=kind, headers=headers)

        servers.append(serve(app))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


def told(url, backend, **settings):
    """The error's own words, as the log has them."""
    kind = {"vac": VacAssistant, "openai": OpenAIAssistant}[backend]
    with_user = url.replace("http://", "http://ann:pass@")
    endpoint = Endpoint(f"{with_user}/v1", "bearer", KEY)
    if backend == "vac":
        settings = {"path": "/ask/{assistant_id}?key=query-secret", **settings}
    assistant = Assistant("a", "A", backend=backend, settings={"model": "m", **settings})
    with pytest.raises(AssistantError) as raised:
        kind(endpoint, timeout=5, secret={"ASSISTANT_OWN": KEY}.__getitem__).ask(
            assistant, QUESTION, Silence()
        )
    words = str(raised.value)
    assert not [one for one in (KEY, "ann", "pass@", "query-secret", "own words") if one in words]
    return raised.value, words


HTML = "<!doctype html><title>own words</title>"
TO_VAC, TO_OPENAI = (["ASSISTANT_API_URL", f"ASSISTANT_BACKEND={n}"] for n in ("vac", "openai"))
ERROR = '{"error": {"message": "own words", "type": "invalid_request_error", "code": "%s"}}'


@pytest.mark.parametrize(
    ("backend", "status", "body", "kind", "parts"),
    [
        (
            "openai",
            404,
            HTML,
            "text/html",
            ["text/html", "ASSISTANT_API_URL", "/v1", "BACKEND=vac"],
        ),
        ("openai", 404, ERROR % "model_not_found", "application/json", ["ASSISTANT_MODEL"]),
        ("openai", 405, "", "", ["no content type", "ASSISTANT_API_URL"]),
        ("openai", 400, ERROR % "unsupported_value", "application/json", ["ASSISTANT_MODEL"]),
        ("openai", 308, "", "text/plain", ["ASSISTANT_API_URL"]),
        ("openai", 429, ERROR % "rate_limit_exceeded", "application/json", ["rate_limit_exceeded"]),
        ("openai", 500, "own words", "text/plain", ["HTTP 500", "text/plain"]),
        ("vac", 404, HTML, "text/html", ["ASSISTANT_API_PATH", "ASSISTANT_BACKEND=openai"]),
        ("vac", 500, HTML, "text/html", ["HTTP 500"]),
        ("openai", 200, HTML, "text/html", ["web page", "ASSISTANT_API_URL"]),
        ("openai", 200, '{"answer": "own words"}', "application/json", ["ASSISTANT_BACKEND=vac"]),
        (
            "vac",
            200,
            '{"choices": ["own words"]}',
            "application/json",
            ["ASSISTANT_BACKEND=openai"],
        ),
        (
            "vac",
            200,
            'data: {"choices": []}\n\n',
            "text/event-stream",
            ["ASSISTANT_BACKEND=openai"],
        ),
        ("vac", 200, HTML, "text/html", ["web page", "ASSISTANT_API_URL"]),
        ("openai", 200, "own words", "text/plain", ["text/plain", *TO_VAC]),
        ("openai", 200, "", "application/json", TO_VAC),
        ("openai", 200, '{"content": [{"text": "own words"}]}', "application/json", TO_VAC),
        ("vac", 200, '{"output": "own words"}', "application/json", TO_OPENAI),
        ("vac", 200, "<x/>", "application/xml", ["application/xml", *TO_OPENAI]),
    ],
)
def test_the_log_says_who_was_asked_what_came_back_and_what_to_change(
    answering, backend, status, body, kind, parts
):
    url = answering(status, body, kind)
    error, words = told(url, backend)
    assert type(error) is AssistantError
    path = "/v1/chat/completions" if backend == "openai" else "/v1/ask/a"
    assert f"{url}{path}" in words
    assert not [part for part in parts if part not in words]


@pytest.mark.parametrize("backend", ["vac", "openai"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_names_the_settings_of_the_key(answering, backend, status):
    url = answering(status, ERROR % "invalid_api_key")
    error, words = told(url, backend)
    assert type(error) is AssistantRefusedError
    assert "ASSISTANT_API_KEY" in words
    assert f"HTTP {status} (invalid_api_key, invalid_request_error)" in words
    assert "api_key_env" in told(url, backend, api_key_env="ASSISTANT_OWN")[1]


@pytest.mark.parametrize("code", ["content_filter", "data_inspection_failed"])
def test_a_question_that_a_filter_stopped_is_declined(answering, code):
    error, _ = told(answering(400, ERROR % code), "openai")
    assert type(error) is AssistantDeclinedError


@pytest.mark.parametrize(
    "code", [KEY, "own words of somebody, with a full stop", "x" * 50, "+15550001111"]
)
def test_what_is_no_short_name_of_an_error_is_not_told(answering, code):
    _, words = told(answering(400, ERROR % code), "openai")
    assert code not in words
    assert "(invalid_request_error)" in words


def test_who_cannot_be_reached_is_named():
    error, words = told(f"http://127.0.0.1:{(port := free_port())}", "openai")
    assert type(error) is AssistantRefusedError
    assert f"not reachable: ConnectionRefusedError; asked http://127.0.0.1:{port}/v1/chat" in words
