"""Both clients against assistants in every mood, over real HTTP."""

import contextlib
import json
import socket
import threading
import time
from dataclasses import replace

import pytest
from flask import Flask, Response, request

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.assistant.vac import VacAssistant
from lib.errors import (
    AssistantEmptyError,
    AssistantError,
    AssistantRefusedError,
    AssistantTimeoutError,
    ConfigurationError,
)
from lib.model import Assistant, Exchange, Question
from lib.ports.listener import Silence
from simulator.assistants import app as demo
from simulator.server import serve
from tests.processes import free_port

QUESTION = Question(
    text="What is it?",
    email="+15550001111@whatsapp.user",
    session_id="whatsapp-+15550001111",
    trace_id="whatsapp-SM1",
    history=tuple(Exchange(f"q{n}", f"a{n}") for n in range(7)),
)


@pytest.fixture(scope="module")
def url():
    with serve(demo.create_app()) as server:
        yield server.url


def secret(name):
    if name != "ASSISTANT_OTHER_KEY":
        raise ConfigurationError(f"{name} is not set")
    return "other-key"


def ask(
    url,
    name,
    *,
    auth="none",
    key="",
    timeout=5.0,
    settings=None,
    path="/vac/assistant/{assistant_id}",
):
    client = VacAssistant(Endpoint(url, auth, key), path=path, timeout=timeout, secret=secret)
    return client.ask(Assistant(name, name, settings=settings or {}), QUESTION, Silence())


@pytest.mark.parametrize("mood", ["json", "events", "text", "plain", "slow"])
def test_every_form_of_reply_is_understood(url, mood):
    assert ask(url, f"mood-{mood}").text == "You said: What is it?"


def test_the_form_is_told_by_the_reply_and_not_by_the_path(url):
    for path in (
        "/vac/{assistant_id}",
        "/vac/assistant/{assistant_id}/sse",
        "/vac/streaming/{assistant_id}",
    ):
        assert "What is it?" in ask(url, "anyone", path=path).text


def test_thinking_is_kept_apart(url):
    answer = ask(url, "mood-thinking")
    assert answer.text == "You said: What is it?"
    assert answer.thinking == "Hm, secret."


@pytest.mark.parametrize(
    ("send_tools", "tools", "told"),
    [
        ("true", ("search",), {"tools": ["search"]}),
        ("true", (), {"tools": []}),
        ("true", None, None),
        ("false", ("search",), None),
        ("", ("search",), None),
    ],
)
def test_who_is_said_to_read_them_is_told_the_tools_of_a_person(url, send_tools, tools, told):
    echo = Assistant("mood-echo", "Echo", settings={"send_tools": send_tools})
    client = VacAssistant(Endpoint(url, "none"), secret=secret)
    said = client.ask(echo, replace(QUESTION, tools=tools), Silence()).text
    assert json.loads(said)["body"].get("emissaryConfig") == told


def test_the_request_is_the_one_the_api_wants(url):
    received = json.loads(ask(url, "mood-echo").text)
    assert received["path"] == "/vac/assistant/mood-echo"
    body, headers = received["body"], received["headers"]
    assert body["user_input"] == "What is it?"
    assert body["currentUser"] == {"email": QUESTION.email, "sessionId": QUESTION.session_id}
    assert body["trace_id"] == "whatsapp-SM1"
    assert body["selectedItems"] == []
    assert len(body["chat_history"]) == 10
    assert body["chat_history"][0] == {"name": "Human", "content": "q2"}
    assert body["chat_history"][-1] == {"name": "AI", "content": "a6"}
    assert headers["Content-Type"] == "application/json"
    assert headers["X-User-Id"] == QUESTION.email
    assert headers["X-Session-Id"] == QUESTION.session_id
    assert headers["X-Message-Source"] == "whatsapp"
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [("api_key", "X-Api-Key", "k1"), ("bearer", "Authorization", "Bearer k1")],
)
def test_the_gateway_s_key_is_sent_to_its_own_assistants(url, auth, header, value):
    received = json.loads(ask(url, "mood-echo", auth=auth, key="k1").text)
    assert received["headers"][header] == value


def test_the_gateway_s_key_never_goes_to_another_host(url):
    home = "http://127.0.0.1:9"
    away = {"url": url}
    received = json.loads(ask(home, "mood-echo", auth="bearer", key="k1", settings=away).text)
    assert "Authorization" not in received["headers"]
    own = {"url": url, "api_key_env": "ASSISTANT_OTHER_KEY"}
    received = json.loads(ask(home, "mood-echo", auth="bearer", key="k1", settings=own).text)
    assert received["headers"]["Authorization"] == "Bearer other-key"


def test_an_id_cannot_leave_its_place_in_the_path(url):
    with pytest.raises(AssistantError):
        ask(url, "../../health")


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("failing", AssistantError),
        ("unavailable", AssistantError),
        ("html", AssistantError),
        ("traceback", AssistantError),
        ("streaming-error", AssistantError),
        ("without-answer", AssistantError),
        ("error-event", AssistantError),
        ("no-answer", AssistantError),
        ("broken-json", AssistantError),
        ("cut", AssistantError),
        ("redirect", AssistantError),
        ("empty", AssistantEmptyError),
        ("only-thinking", AssistantEmptyError),
        ("unauthorized", AssistantRefusedError),
        ("forbidden", AssistantRefusedError),
    ],
)
def test_every_failure_is_told_apart_and_none_is_quoted(url, mood, error):
    with pytest.raises(AssistantError) as raised:
        ask(url, f"mood-{mood}")
    assert type(raised.value) is error
    assert "Traceback" not in str(raised.value)
    assert "h1" not in str(raised.value)


@pytest.mark.parametrize("mood", ["hang", "trickle"])
def test_the_deadline_is_for_the_whole_reply(url, mood):
    started = time.monotonic()
    with pytest.raises(AssistantTimeoutError):
        ask(url, f"mood-{mood}", timeout=1)
    assert time.monotonic() - started < 30


def test_the_deadline_holds_while_headers_drip_in():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            with connection, contextlib.suppress(OSError):
                for number in range(2000):
                    connection.sendall(b"X-%d: drip\r\n" % number)
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(AssistantTimeoutError):
            ask(f"http://127.0.0.1:{server.getsockname()[1]}", "anyone", timeout=1)
        assert time.monotonic() - started < 30


def test_an_endless_reply_is_cut(url):
    with pytest.raises(AssistantError):
        ask(url, "mood-endless", timeout=5)


def test_nobody_there_is_a_refusal():
    with pytest.raises(AssistantRefusedError):
        ask(f"http://127.0.0.1:{free_port()}", "anyone")


def test_a_connection_that_closes_without_a_word_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(AssistantError) as raised:
            ask(f"http://127.0.0.1:{server.getsockname()[1]}", "anyone")
    assert type(raised.value) is AssistantError


def test_without_an_address_the_setting_is_named():
    with pytest.raises(ConfigurationError, match="ASSISTANT_API_URL"):
        ask("", "anyone")


def test_an_unknown_way_to_log_in_is_named(url):
    with pytest.raises(ConfigurationError, match="magic"):
        ask(url, "anyone", settings={"auth": "magic"})


MODEL = {"model": "demo-1", "system_prompt": "Be brief.", "temperature": "0.5", "max_tokens": "50"}


def complete(url, settings, question=QUESTION):
    client = OpenAIAssistant(Endpoint(f"{url}/v1", "none"), timeout=2, secret=secret)
    return client.ask(
        Assistant("gpt", "GPT", backend="openai", settings=settings), question, Silence()
    )


def test_a_chat_completion_is_understood(url):
    answer = complete(url, MODEL)
    assert "What is it?" in answer.text
    assert "7 earlier" in answer.text


@pytest.mark.parametrize(
    ("settings", "words"), [({}, "no model"), ({**MODEL, "temperature": "warm"}, "temperature")]
)
def test_settings_of_a_model_that_are_wrong_are_named(url, settings, words):
    with pytest.raises(ConfigurationError, match=words):
        complete(url, settings)


@pytest.fixture
def answering():
    """Serves one fixed HTTP reply and keeps what was asked."""
    asked = []

    def start(body, status=200):
        app = Flask("fixed")

        def chat():
            asked.append((dict(request.headers), request.get_json()))
            return Response(body, status=status, mimetype="application/json")

        app.add_url_rule("/v1/chat/completions", view_func=chat, methods=["POST"])
        server = serve(app)
        servers.append(server)
        return server.url, asked

    servers = []
    yield start
    for server in servers:
        server.close()


def choice(**fields):
    return json.dumps(
        {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop", **fields}]}
    )


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (choice(message={"content": None}), 200, AssistantEmptyError),
        (choice(finish_reason="content_filter"), 200, AssistantError),
        (choice(finish_reason="error"), 200, AssistantError),
        ('{"choices": []}', 200, AssistantError),
        ('[{"error": {"code": 400}}]', 400, AssistantError),
        ('{"error": {"message": "no"}}', 401, AssistantRefusedError),
        ('{"error": {"message": "slow down"}}', 429, AssistantError),
        ("null", 200, AssistantError),
    ],
)
def test_failures_of_a_completion_are_told_apart(answering, body, status, error):
    url, _ = answering(body, status)
    with pytest.raises(AssistantError) as raised:
        complete(url, MODEL)
    assert type(raised.value) is error


def test_a_completion_cut_at_its_length_is_still_an_answer(answering):
    url, asked = answering(choice(finish_reason="length"))
    answer = complete(url, {**MODEL, "api_key_env": "ASSISTANT_OTHER_KEY"})
    assert answer.text == "Hi"
    headers, body = asked[0]
    assert headers["Authorization"] == "Bearer other-key"
    assert body["model"] == "demo-1"
    assert (body["temperature"], body["max_tokens"]) == (0.5, 50)
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert body["messages"][-1] == {"role": "user", "content": "What is it?"}
    assert len(body["messages"]) == 1 + 14 + 1


@pytest.mark.parametrize("prompt", ["Be brief.", ""])
def test_a_model_is_told_the_language_that_a_person_chose_in_its_one_system_message(
    answering, prompt
):
    url, asked = answering(choice())
    complete(url, {**MODEL, "system_prompt": prompt}, replace(QUESTION, language="German"))
    (_, body) = asked[0]
    system = [one["content"] for one in body["messages"] if one["role"] == "system"]
    wish = "The user wants to be answered in German."
    assert system == ["\n\n".join(filter(None, (prompt, wish)))]
