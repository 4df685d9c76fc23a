"""What reaches a phone of what servers answer: a whole gateway with its assistants over HTTP."""

import json
from contextlib import contextmanager

import pytest
from flask import Flask, Response, request

from simulator.server import serve
from tests.local_gateway import local_gateway

EMPTY = "The assistant had no answer to this. Please try to put it in other words."
DECLINED = (
    "The assistant declined to answer this. If it should not have, please ask in other words."
)
FAILED = "Something went wrong while the assistant was answering. Please try again."


@contextmanager
def completing(tmp_path, choice, asked=None):
    """A gateway whose own assistant is a model that answers with one choice."""
    app = Flask("model")

    @app.post("/v1/chat/completions")
    def complete():
        if asked is not None:
            asked.append(request.get_json())
        return Response(json.dumps({"choices": [choice]}), mimetype="application/json")

    with serve(app) as server:
        settings = {"url": f"{server.url}/v1", "backend": "openai", "model": "demo-1"}
        with local_gateway(tmp_path, **settings) as table:
            yield table


def content(text, ending="stop"):
    return {"message": {"content": text}, "finish_reason": ending}


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (content("<mm:think>plan</mm:think>Yes."), ["Yes."]),
        (content('<tool_call>{"name": "search"}</tool_call>'), [EMPTY]),
        (content("<reasoning>plan"), [EMPTY]),
        (content("\u200b\u200b"), [EMPTY]),
        (content("\u3164"), [EMPTY]),
        (content("&#8203;&#x202e;"), [EMPTY]),
        (content("ok \u001b[32mgreen\u001b[0m\u0007"), ["ok green"]),
        (content("see &#x202e;moc.elpmaxe"), ["see moc.elpmaxe"]),
        (content("Open 9 to 5【12:0†hours.pdf】."), ["Open 9 to 5."]),
        (content("Hello", None), ["Hello"]),
        (content(None, "content_filter"), [DECLINED]),
        (content("Hel", "error"), [FAILED]),
        ({"message": {"content": None, "refusal": "I cannot help."}}, ["I cannot help."]),
        (
            content([{"type": "text", "text": "Hello "}, {"type": "text", "text": "you"}]),
            ["Hello you"],
        ),
    ],
)
def test_a_phone_sees_the_answer_and_nothing_else(tmp_path, choice, shown):
    with completing(tmp_path, choice) as table:
        assert table.say("What is it?") == shown


def test_the_assistant_that_nobody_described_is_asked_for_the_model_of_the_settings(tmp_path):
    asked = []
    with completing(tmp_path, content("Hi"), asked) as table:
        assert table.say("What is it?") == ["Hi"]
        assert table.say("/current") == [
            "🤖 Current assistant: Default Assistant (default-assistant)"
        ]
    assert asked[0]["model"] == "demo-1"
    assert asked[0]["messages"] == [{"role": "user", "content": "What is it?"}]


def test_without_a_model_the_setting_is_named_in_the_log(tmp_path, caplog):
    with local_gateway(tmp_path, backend="openai") as table:
        table.say("What is it?")
    assert any("ASSISTANT_MODEL" in str(vars(record).get("reason")) for record in caplog.records)


def test_names_of_operators_and_words_of_people_reach_nobody_unseen(tmp_path):
    catalogue = 'assistants:\n  a:\n    name: "A\\u202enn\\u0007"\n    description: "x\\e[31my"\n'
    with local_gateway(tmp_path, catalogue) as table:
        assert table.say("/switch a") == ["✅ Switched to assistant: Ann (a)"]
        assert table.say("/current") == ["🤖 Current assistant: Ann (a)\nxy"]
        (said,) = table.say("/switch \u202eevil\u200b")
        assert "“evil”" in said
