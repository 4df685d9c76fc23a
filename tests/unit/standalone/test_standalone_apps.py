"""The public functions under one address."""

import sys
from collections.abc import Callable
from io import BytesIO
from types import FrameType

import pytest
from flask import Request
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from functions.webhook.main import webhook
from lib.runtime import wiring
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.settings.twilio import TwilioSettings
from standalone.apps import public_app
from tests.sample import FORM_TYPE


class BrokenBody:
    """A body whose server fails while it is read."""

    def read(self, _size: int = -1) -> bytes:
        raise EOFError


@pytest.fixture
def client(tmp_path):
    twilio = TwilioSettings("AC" + "1" * 32, "apps-token")
    gateway = Gateway(Config(twilio=twilio, data_dir=tmp_path / "data"), local=True)
    wiring.install(gateway)
    yield Client(public_app())
    gateway.database().close()
    wiring.forget()


def post(client: Client, body: BytesIO | BrokenBody, length: int) -> str:
    builder = EnvironBuilder("/whatsapp/webhook", method="POST", content_type=FORM_TYPE)
    environ = {**builder.get_environ(), "wsgi.input": body, "CONTENT_LENGTH": str(length)}
    # As a server does it: the client would make an environment of its own.
    return run_wsgi_app(client.application, environ)[1]


def test_a_body_that_ends_early_is_a_bad_request(client):
    assert post(client, BytesIO(b"Body=hel"), 100).startswith("400")


def test_what_nobody_expected_is_told_to_who_asked_and_to_the_log(client, caplog):
    assert post(client, BrokenBody(), 100).startswith("500")
    assert [one.message for one in caplog.records] == ["request failed"]


def test_elsewhere_it_says_what_there_is(client):
    answer = client.get("/elsewhere")
    assert answer.status_code == 404
    assert "POST /whatsapp/webhook" in answer.text


def test_the_health_document_is_json(client):
    answer = client.get("/whatsapp/health/")
    assert answer.json["status"]
    assert answer.mimetype == "application/json"


@pytest.mark.parametrize("path", ["/whatsapp/webhook", "/whatsapp/status", "/whatsapp/health", "/"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "abc.ngrok.app"},
        {"X-Forwarded-For": "1.2.3.4"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_without_signatures_strangers_are_told_the_way_out(client, path, headers):
    unsigned = Client(public_app(unsigned=True))
    answer = unsigned.post(path, headers=headers)
    assert answer.status_code == 403
    assert "TWILIO_WEBHOOK_URL" in answer.text
    # Signatures are what keeps strangers out elsewhere.
    assert "TWILIO_WEBHOOK_URL" not in client.post(path, headers=headers).text


def test_the_log_tells_of_strangers_and_not_without_end(client, caplog):
    unsigned = Client(public_app(unsigned=True))
    for _ in range(100):
        unsigned.post("/whatsapp/webhook", headers={"X-Forwarded-For": "1.2.3.4"})
    told = [one for one in caplog.records if one.message == "request refused"]
    assert 1 <= len(told) < 30
    assert "x-forwarded-for" in told[0].reason
    assert "TWILIO_WEBHOOK_URL" in told[0].cause
    assert wiring.gateway().refused().all() == {"stranger": 100}


def test_a_request_costs_little_more_than_its_function(client):
    environ = EnvironBuilder("/whatsapp/webhook", method="GET").get_environ()
    app = public_app()
    alone = calls(lambda: list(webhook(Request(environ))(environ, start)))
    served = calls(lambda: list(app(environ, start)))
    assert served < alone + 20


def start(_status, _headers, _exc_info=None):
    """Take the beginning of an answer, as a server would."""


def calls(work: Callable[[], object]) -> int:
    """How many calls of Python functions a piece of work makes, once it is warm."""
    work()
    count = 0

    def counted(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
