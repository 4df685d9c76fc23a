"""Telling whoever takes over: signed by the Standard Webhooks, once by its id, or not at all."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from lib.handover.webhook import HandoverError, HandoverWebhook
from lib.model import Exchange, HandoverEvent, HandoverKind, Media
from tests.peer import answer, hang_up, peer

KEY = b"k" * 24
EVENT = HandoverEvent(
    id="SM1",
    kind=HandoverKind.MESSAGE,
    contact="+15550001111",
    name="Ann",
    session_id="whatsapp-+15550001111",
    assistant_id="expert",
    trace_id="whatsapp-SM1",
    by="person",
    at=datetime(2026, 11, 27, 20, 0, tzinfo=UTC),
    text="Grüße \ud800",
    media=(Media("https://api.twilio.com/medium", "image/jpeg"),),
    recent=(Exchange("q" * 3000, "An answer"),),
)
TOLD = {
    "type": "handover.message",
    "timestamp": "2026-11-27T20:00:00+00:00",
    "data": {
        "message_id": "SM1",
        "contact": "+15550001111",
        "name": "Ann",
        "session_id": "whatsapp-+15550001111",
        "assistant_id": "expert",
        "trace_id": "whatsapp-SM1",
        "by": "person",
        "text": "Grüße ?",
        "media": [{"url": "https://api.twilio.com/medium", "content_type": "image/jpeg"}],
        "recent": [{"question": "q" * 2000, "answer": "An answer"}],
    },
}


def parts(request):
    """The headers of a request, by their names in small letters, and its body."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
    return {name.lower(): value for name, _, value in lines}, body


def test_an_event_is_told_with_a_signature_over_id_time_and_body():
    with peer(answer(204, b"")) as system:
        HandoverWebhook(f"{system.url}/hook", KEY, lambda: 1_800_000_000.9).tell(EVENT)
        (request,) = system.requests
    headers, body = parts(request)
    assert request.startswith(b"POST /hook HTTP/1.1")
    assert json.loads(body) == TOLD
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("SM1", "1800000000")
    signed = hmac.new(KEY, b"SM1.1800000000." + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(signed).decode()


@pytest.mark.parametrize(
    "step",
    [
        answer(500),
        answer(404),
        answer(429),
        answer(302, b"", "Location: https://elsewhere.example/"),
        b"nothing of HTTP\r\n\r\n",
        hang_up,
        answer(200, b"x" * 70_000),
    ],
)
def test_what_was_not_surely_taken_is_an_error_that_may_pass_and_names_nobody(step):
    with peer(step) as system, pytest.raises(HandoverError) as failure:
        HandoverWebhook(system.url, KEY).tell(EVENT)
    assert (failure.value.retryable, failure.value.code) == (True, "handover")
    assert "1555" not in str(failure.value)
    assert len(system.requests) == 1


def test_nobody_there_is_an_error_too():
    with pytest.raises(HandoverError):
        HandoverWebhook("http://127.0.0.1:9/", KEY).tell(EVENT)
