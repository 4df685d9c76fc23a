"""The responder through the framework that runs it in production."""

import base64
import json

import functions_framework
import pytest
import requests

from lib.runtime import wiring
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.storage.sqlite.table import Table
from tests.local_gateway import ANN, local_gateway
from tests.processes import ROOT


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        wiring.install(ready.gateway)
        yield ready


def client():
    source = ROOT / "functions" / "responder" / "main.py"
    return functions_framework.create_app("responder", str(source), "http").test_client()


def push(**fields):
    message = {"id": "SM1", "address": ANN, "received_at": "2026-01-02T03:04:05+00:00", **fields}
    data = base64.b64encode(json.dumps(message).encode()).decode()
    return json.dumps({"message": {"data": data}})


def letters(table):
    with table.gateway.database().reading() as connection:
        return [letter["reason"] for _, letter in Table(connection).all("dead_letters")]


def test_a_message_is_answered_and_acknowledged(table):
    assert client().post("/", data=push(text="/help")).status_code == 204
    assert len(table.sent()) == 1
    assert letters(table) == []


def test_a_push_that_cannot_be_read_is_buried_and_acknowledged(table):
    assert client().post("/", data="garbage").status_code == 204
    assert letters(table) == ["envelope: the push is not JSON"]


def test_a_turn_that_nobody_can_read_any_more_is_buried_and_acknowledged(table):
    with table.gateway.database().transaction() as connection:
        Table(connection).write("whatsapp_turns", "SM1", {"state": 5})
    assert client().post("/", data=push(text="/help")).status_code == 204
    (reason,) = letters(table)
    assert reason.startswith("document: ")
    assert table.sent() == []


def test_a_turn_of_a_newer_version_is_asked_for_again_and_in_the_end_says_so(table):
    with table.gateway.database().transaction() as connection:
        Table(connection).write("whatsapp_turns", "SM1", {"state": "dancing"})
    for _ in range(3):
        assert client().post("/", data=push(text="/help")).status_code == 503
    assert letters(table) == []
    assert client().post("/dead-letters", data=push(text="/help")).status_code == 204
    (reason,) = letters(table)
    assert reason.startswith("newer_version: ")


def test_what_may_work_later_is_asked_for_again(table):
    table.fault(fault="error", status=429, code=20429, times=99)
    app = client()
    assert app.post("/", data=push(text="/help")).status_code == 503
    requests.delete(f"{table.twilio_url}/simulator", timeout=5).raise_for_status()
    assert app.post("/", data=push(text="/help")).status_code == 204
    assert len(table.sent()) == 1
    assert letters(table) == []


def test_missing_settings_cost_no_message():
    wiring.install(Gateway(Config(), local=True))
    assert client().post("/", data=push(text="/help")).status_code == 503
    assert client().post("/", data="garbage").status_code == 503


def test_only_posts_are_taken(table):
    answer = client().get("/")
    assert answer.status_code == 405
    assert letters(table) == []
