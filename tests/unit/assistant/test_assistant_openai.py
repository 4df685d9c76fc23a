"""The client of chat completions against a server that was written by others for this."""

import pytest
import requests

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.errors import AssistantError, AssistantRefusedError, AssistantTimeoutError
from lib.model import Assistant, Exchange, Question
from lib.ports.listener import Silence
from tests.heard import Audience
from tests.processes import free_port, python, running

pytestmark = pytest.mark.slow

KEY = "ASSISTANT_MODEL_KEY"
ASSISTANT = Assistant("m", "M", backend="openai", settings={"model": "demo-1", "api_key_env": KEY})
QUESTION = Question("What is it?", "a@b", "s", "t", (Exchange("q", "a"),))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llmock")
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = python("-m", "llmock.cli", "serve", "--port", str(port), "--response-style", "echo")
    with running(command, f"{url}/health", {}, folder, folder / "log"):
        yield url


@pytest.fixture
def behave(server):
    """Makes the server behave once as told; every test starts with an empty journal."""

    def behave(**behaviour):
        requests.post(f"{server}/_llmock/scenario", json={"behaviors": [behaviour]}, timeout=5)

    requests.post(f"{server}/_llmock/reset", timeout=5)
    return behave


def ask(server, listener=None, timeout=5.0):
    client = OpenAIAssistant(
        Endpoint(f"{server}/v1", "none"), timeout=timeout, secret={KEY: "k"}.__getitem__
    )
    return client.ask(ASSISTANT, QUESTION, listener or Silence())


def journal(server):
    return requests.get(f"{server}/_llmock/requests", timeout=5).json()["requests"]


def test_a_real_completion_is_an_answer(server, behave):
    assert "What is it?" in ask(server).text
    (asked,) = journal(server)
    assert asked["path"] == "/v1/chat/completions"
    assert asked["model"] == "demo-1"
    assert [message["role"] for message in asked["body"]["messages"]] == [
        "user",
        "assistant",
        "user",
    ]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, AssistantError),
        (401, AssistantRefusedError),
        (403, AssistantRefusedError),
        (429, AssistantError),
        (500, AssistantError),
        (503, AssistantError),
    ],
)
def test_a_failure_is_told_apart_and_never_asked_again(server, behave, status, error):
    behave(type="fail", status=status, retry_after=0.1, message="secret words")
    with pytest.raises(AssistantError) as raised:
        ask(server)
    assert type(raised.value) is error
    assert "secret" not in str(raised.value)
    assert [asked["status"] for asked in journal(server)] == [status]


def test_a_model_that_takes_too_long_is_a_time_out(server, behave):
    behave(type="delay", seconds=2)
    with pytest.raises(AssistantTimeoutError):
        ask(server, timeout=0.4)


def test_a_model_s_thinking_is_kept_apart(server, behave):
    behave(type="reply", text="<think>Hm.</think>\n\nIt is a test.")
    answer = ask(server)
    assert (answer.text, answer.thinking) == ("It is a test.", "Hm.")


def test_a_stream_is_heard_and_tells_its_tokens(server, behave):
    text = "It is a test, which goes on and on. " * 60
    behave(type="reply", text=text)
    audience = Audience()
    answer = ask(server, audience)
    assert answer.text.strip() == text.strip()
    assert text.startswith(audience.last)
    assert len(audience.last) > 1000
    assert answer.tokens.completion > 100


@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed"])
def test_a_stream_that_breaks_is_no_answer(server, behave, kind):
    behave(type="stream_fault", kind=kind, after_chunks=3)
    with pytest.raises(AssistantError) as raised:
        ask(server)
    assert type(raised.value) is AssistantError


def test_a_stream_that_stalls_is_a_time_out(server, behave):
    behave(type="stream_fault", kind="stall", after_chunks=3, stall_seconds=3)
    with pytest.raises(AssistantTimeoutError):
        ask(server, timeout=0.6)


def test_an_answer_that_a_filter_stopped_is_none(server, behave):
    behave(type="reply", text="It is", finish_reason="content_filter")
    with pytest.raises(AssistantError, match="content_filter"):
        ask(server)
