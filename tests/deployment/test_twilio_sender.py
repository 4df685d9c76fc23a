"""``deploy.sh --set-twilio``: the sender's URLs through Twilio's API, against its stand-in."""

import subprocess
import sys

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN
from tests.processes import ROOT

WEBHOOK = "https://webhook.example/whatsapp/webhook#rc=3&rp=ct,rt,5xx"
STATUS = "https://status.example/whatsapp/status"


@pytest.fixture
def account():
    account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER, "+14155550100"}))
    yield account
    account.close()


@pytest.fixture
def address(account):
    with serve(twilio.create_app(account)) as server:
        yield server.url


def point(address, token=TOKEN, number=NUMBER):
    return subprocess.run(
        [sys.executable, "-m", "deployment.twilio_sender", WEBHOOK, STATUS],
        cwd=ROOT,
        env={
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{number}",
            "TWILIO_API_BASE_URL": address,
        },
        input=token,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sender_is_pointed_at_the_gateway_once(account, address):
    account.webhooks[NUMBER] = {"fallback_url": "https://mine.example"}
    first = point(address)
    assert first.returncode == 0, first.stderr
    assert account.webhooks == {
        NUMBER: {
            "callback_url": WEBHOOK,
            "callback_method": "POST",
            "status_callback_url": STATUS,
            "status_callback_method": "POST",
            "fallback_url": "https://mine.example",
        }
    }
    assert "already" in point(address).stdout


def test_twilio_s_own_client_reads_what_was_set(account, address):
    assert point(address).returncode == 0

    class ToStandIn(TwilioHttpClient):
        def request(self, method, url, *arguments, **more):
            there = url.replace("https://messaging.twilio.com", address)
            return super().request(method, there, *arguments, **more)

    client = Client(ACCOUNT_SID, TOKEN, http_client=ToStandIn())
    found = client.messaging.v2.channels_senders.list(channel="whatsapp")
    urls = {one.sender_id: (one.webhook or {}).get("callback_url") for one in found}
    assert urls == {f"whatsapp:{NUMBER}": WEBHOOK, "whatsapp:+14155550100": None}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"token": "wrong"}, "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        ({"number": "+14155559999"}, "The sandbox's number has no API"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_way_out(account, address, more, words):
    done = point(address, **more)
    assert done.returncode == 1
    assert words in done.stderr
    assert "+14155559999" not in done.stderr
    assert account.webhooks == {}


def test_a_twilio_that_cannot_be_reached(address):
    done = point("http://127.0.0.1:9")
    assert "Twilio could not be asked" in done.stderr
