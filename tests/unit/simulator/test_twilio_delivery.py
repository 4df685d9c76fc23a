"""What becomes of a message: windows, limits, magic numbers, scripts, callbacks."""

from queue import Queue

import pytest
import requests
from flask import Flask, request
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.errors import ERRORS

SID, TOKEN = "AC" + "a" * 32, "token"
SENDER, ANN = "whatsapp:+14155238886", "whatsapp:+15551234567"


class Twilio:
    """An account over HTTP, and a gateway that takes its callbacks."""

    def __init__(self, account, url, callbacks, callback_url):
        self.account, self.url = account, url
        self.callbacks, self.callback_url = callbacks, callback_url
        self.client = Client(SID, TOKEN, SID)
        self.client.api.base_url = url

    def send(self, to=ANN, body="Hello"):
        sent = self.client.messages.create(
            to=to, from_=SENDER, body=body, status_callback=self.callback_url
        )
        return sent.sid

    def outcome(self, sid):
        self.account.carrier.close()
        message = self.account.messages.get(sid)
        return message.status, message.error_code

    def refusal(self, **fields):
        with pytest.raises(TwilioRestException) as caught:
            self.send(**fields)
        return caught.value.code, caught.value.status

    def patch(self, path, **document):
        answer = requests.patch(f"{self.url}/simulator/{path}", json=document, timeout=5)
        assert answer.status_code == 204, answer.text

    def fault(self, document):
        return requests.post(f"{self.url}/simulator/faults", json=document, timeout=5)

    def reported(self):
        self.account.carrier.close()
        forms = []
        while not self.callbacks.empty():
            forms.append(self.callbacks.get())
        return forms


@pytest.fixture
def twilio():
    callbacks = Queue()
    gateway = Flask("gateway")

    @gateway.post("/status")
    def status():
        callbacks.put(request.form.to_dict() | {"signature": dict(request.headers)})
        return "", 204

    account = Account(SID, TOKEN, frozenset({"+14155238886"}))
    with serve(create_app(account)) as api, serve(gateway) as there:
        ready = Twilio(account, api.url, callbacks, f"{there.url}/status")
        yield ready
        ready.client.http_client.session.close()
        account.close()


@pytest.mark.parametrize("error", ERRORS.values(), ids=lambda error: str(error.code))
def test_every_error_has_a_number_to_send_to(twilio, error):
    to = f"whatsapp:+150055{error.code}"
    if error.status:
        assert twilio.refusal(to=to) == (error.code, error.status)
    else:
        assert twilio.outcome(twilio.send(to)) == (error.delivery, error.code)
        last = twilio.reported()[-1]
        assert (last["MessageStatus"], last["ErrorCode"]) == (error.delivery, str(error.code))


@pytest.mark.parametrize("code", [63016, 20003])
def test_every_error_can_be_asked_for_by_a_script(twilio, code):
    kind = "error" if ERRORS[code].status else "status"
    script = [{"fault": kind, "code": code}, {"fault": "shuffle"}]
    assert twilio.fault(script).status_code == 204
    if ERRORS[code].status:
        assert twilio.refusal() == (code, ERRORS[code].status)
    else:
        assert twilio.outcome(twilio.send())[1] == code
    twilio.reported()
    assert twilio.outcome(twilio.send()) == ("read", None)
    assert [one["MessageStatus"] for one in twilio.reported()] == ["read", "delivered", "sent"]


def test_a_closed_window_is_63016_until_it_is_open_again(twilio):
    twilio.patch("contacts/+15551234567", window_seconds=0)
    assert twilio.outcome(twilio.send()) == ("undelivered", 63016)
    twilio.patch("contacts/+15551234567", window_seconds=60)
    assert twilio.outcome(twilio.send()) == ("read", None)


def test_the_length_of_windows_can_be_set(twilio):
    twilio.patch("settings", window_seconds=0)
    twilio.account.contacts.write("+15551234567")
    assert twilio.outcome(twilio.send())[1] == 63016


@pytest.mark.parametrize(
    ("state", "code"), [({"joined": False}, 63015), ({"blocked": True}, 63014)]
)
def test_who_cannot_be_reached_fails_by_callback(twilio, state, code):
    twilio.patch("contacts/+15551234567", **state)
    assert twilio.outcome(twilio.send())[1] == code


def test_who_opted_out_is_refused_at_once(twilio):
    twilio.patch("contacts/+15551234567", opted_out=True)
    assert twilio.refusal() == (21610, 400)


def test_the_day_s_limit_is_63038(twilio):
    twilio.patch("settings", per_day=1)
    twilio.send()
    assert twilio.refusal() == (63038, 429)


def test_too_many_requests_at_once_are_20429(twilio):
    twilio.patch("settings", concurrency=0)
    assert twilio.refusal() == (20429, 429)


def test_two_messages_to_one_person_in_a_row_are_63018(twilio):
    twilio.patch("settings", pair_seconds=60)
    first, second, other = twilio.send(), twilio.send(), twilio.send("whatsapp:+15557654321")
    assert [twilio.outcome(one)[1] for one in (first, second, other)] == [None, 63018, None]


def test_what_is_over_the_rate_waits(twilio):
    twilio.patch("settings", per_second=5)
    sids = [twilio.send() for _ in range(4)]
    statuses = {twilio.account.messages.get(sid).status for sid in sids}
    assert "queued" in statuses
    assert {twilio.outcome(sid)[0] for sid in sids} == {"read"}


@pytest.mark.parametrize(
    "document",
    [{"joined": 1}, {"name": "x"}, [], {"window_seconds": "long"}],
)
def test_a_state_that_makes_no_sense_is_refused(twilio, document):
    path = f"{twilio.url}/simulator/contacts/+15551234567"
    assert requests.patch(path, json=document, timeout=5).status_code == 400


def test_callbacks_are_signed_by_sha_1_or_with_a_shared_key_by_sha_256(twilio):
    twilio.send()
    form = twilio.reported()[0]
    headers = form.pop("signature")
    validator = RequestValidator(TOKEN)
    assert validator.validate(twilio.callback_url, form, headers["X-Twilio-Signature"])

    account = Account(SID, TOKEN, frozenset({"+14155238886"}), shared_key="shared")
    account.send(ANN, SENDER, "x", None, status_callback=twilio.callback_url)
    account.close()
    form = twilio.reported()[0]
    headers = form.pop("signature")
    assert headers["X-Twilio-Webhooks-Signature-Settings"].endswith("algorithm=HMAC_SHA256")
    assert RequestValidator("shared").validate(
        twilio.callback_url, form, headers["X-Twilio-Signature"], algorithm="HMAC_SHA256"
    )


def test_another_website_cannot_use_the_door(twilio):
    path = f"{twilio.url}/simulator/faults"
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ):
        answer = requests.post(path, json={"fault": "shuffle"}, headers=headers, timeout=5)
        assert answer.status_code == 403
    assert twilio.account.faults.armed() == []


def test_callbacks_come_as_a_script_says_true_or_not(twilio):
    script = [
        {"status": "delivered"},
        {"status": "undelivered", "code": 63018, "after": 0.01},
        {"status": "failed", "code": 63060, "named": False},
        {"status": "sent"},
    ]
    assert twilio.fault({"fault": "reports", "reports": script}).status_code == 204
    sid, after = twilio.send(), twilio.send()
    forms = [form for form in twilio.reported() if form["MessageSid"] == sid]
    told = [(form["MessageStatus"], form.get("ErrorCode"), "To" in form) for form in forms]
    assert told == [
        ("delivered", None, True),
        ("undelivered", "63018", True),
        ("failed", "63060", False),
        ("sent", None, True),
    ]
    assert twilio.outcome(after) == ("read", None)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"reports": []},
        {"reports": "failed"},
        {"reports": [{}]},
        {"reports": [{"status": "lost"}]},
        {"reports": [{"status": "failed", "code": "63018"}]},
        {"reports": [{"status": "failed", "code": True}]},
        {"reports": [{"status": "failed", "named": 0}]},
        {"reports": [{"status": "failed", "after": 61}]},
        {"reports": [{"status": "failed", "to": ""}]},
        {"reports": ["failed"]},
        {"fault": "status", "code": 63018, "reports": [{"status": "failed"}]},
    ],
)
def test_a_script_of_callbacks_that_makes_no_sense_is_refused(twilio, more):
    assert twilio.fault({"fault": "reports", **more}).status_code == 400
