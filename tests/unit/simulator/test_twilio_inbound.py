"""People writing: what the webhook is told, and how often."""

import json
import subprocess
from queue import Queue

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.inbound import Phones, Written
from simulator.twilio.media import Medium
from simulator.twilio.messages import Choice, Place
from tests.absent import skip_outside_ci
from tests.processes import ROOT, wait_for

SID, TOKEN = "AC" + "a" * 32, "token"
ANN = "+15551234567"


class House:
    """Phones, and a webhook that records what it gets and answers as it is told."""

    def __init__(self):
        self.seen: Queue = Queue()
        self.answers: list[Response | int] = []
        self.account = Account(SID, TOKEN, frozenset({"+14155238886"}))
        self.app = Flask("webhook")
        self.app.add_url_rule("/hook", view_func=self.hook, methods=["POST"])

    def hook(self):
        self.seen.put((request.form.to_dict(), dict(request.headers)))
        answer = self.answers.pop(0) if self.answers else 200
        return answer if isinstance(answer, Response) else Response(status=answer)

    def write(self, *, address=ANN, fragment="", times=1, **written):
        phones = Phones(self.account, "+14155238886", self.url + fragment, "http://127.0.0.1:1")
        message = phones.send(address, Written(**written), times)
        phones._pool.shutdown(wait=True)
        return message

    def form(self, **written):
        self.write(**written)
        return self.seen.get(timeout=5)[0]

    def receipt(self, message):
        return self.account.messages.get(message.sid).receipt


@pytest.fixture
def house():
    ready = House()
    with serve(ready.app) as server:
        ready.url = f"{server.url}/hook"
        yield ready
        ready.account.close()


def test_a_text_comes_with_everything_twilio_sends(house):
    house.account.contacts.change(ANN, name="Ann", user_id="US.1A2B")
    form = house.form(text="Hello *you*")
    assert form["Body"] == "Hello *you*"
    assert form["From"] == f"whatsapp:{ANN}"
    assert form["ExternalUserId"] == "whatsapp:US.1A2B"
    assert form["WaId"] == "15551234567"
    assert (form["NumMedia"], form["MessageType"], form["SmsStatus"]) == ("0", "text", "received")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert json.loads(form["ChannelMetadata"])["type"] == "whatsapp"


def test_somebody_without_a_number_is_known_by_the_id_alone(house):
    house.account.contacts.change("US.1A2B", name="Sam", user_id="US.1A2B")
    form = house.form(address="US.1A2B", text="Hi")
    assert form["From"] == form["ExternalUserId"] == "whatsapp:US.1A2B"
    assert "WaId" not in form


@pytest.mark.parametrize(
    ("kind", "message_type"),
    [
        ("image/png", "image"),
        ("image/webp", "sticker"),
        ("audio/ogg", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("text/vcard", "contacts"),
    ],
)
def test_media_come_as_urls_of_the_api(house, kind, message_type):
    form = house.form(media=(Medium(kind, b"x"),))
    assert form["MessageSid"].startswith("MM")
    assert (form["NumMedia"], form["MessageType"]) == ("1", message_type)
    assert form["MediaContentType0"] == kind
    path = f"/2010-04-01/Accounts/{SID}/Messages/{form['MessageSid']}/Media/ME"
    assert form["MediaUrl0"].startswith(f"http://127.0.0.1:1{path}")


def test_a_location_a_button_and_a_row_have_their_fields(house):
    place = house.form(place=Place(55.5, 12.25, "Square"))
    assert (place["Latitude"], place["Longitude"], place["Label"]) == ("55.5", "12.25", "Square")
    assert "Address" not in place
    button = house.form(text="Yes", choice=Choice("button", "y", "Yes"))
    assert (button["ButtonText"], button["ButtonPayload"]) == ("Yes", "y")
    row = house.form(text="A", choice=Choice("list", "a", "A"))
    assert (row["ListId"], row["ListTitle"], row["MessageType"]) == ("a", "A", "interactive")


def test_a_reply_names_what_it_quotes(house):
    first = house.write(text="one")
    house.seen.get(timeout=5)
    form = house.form(text="two", reply_to=first.sid)
    assert form["OriginalRepliedMessageSid"] == first.sid


def test_the_form_is_signed_for_twilio_s_own_helpers(house):
    message = house.write(text="Grüße & =", fragment="#rc=2")
    form, headers = house.seen.get(timeout=5)
    signature = headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(house.url, form, signature)
    node = ROOT / "tests/node"
    if not (node / "node_modules/twilio").exists():
        skip_outside_ci(
            "Twilio's Node helper is not installed; `make test` installs it if npm is there"
        )
    program = (
        "const t=require('twilio');const [s,u,f]=process.argv.slice(1);"
        "process.exit(t.validateRequest('token',s,u,JSON.parse(f))?0:1)"
    )
    done = subprocess.run(
        ["node", "-e", program, signature, house.url, json.dumps(form)], cwd=node, check=False
    )
    assert done.returncode == 0
    assert house.receipt(message) == "delivered"


@pytest.mark.parametrize(
    ("fragment", "answers", "tries", "receipt"),
    [
        ("", [500], 1, "failed"),
        ("#rc=2&rp=5xx", [500, 503], 3, "delivered"),
        ("#rc=2&rp=5xx", [500, 500, 500], 3, "failed"),
        ("#rc=5&rp=4xx", [500], 1, "failed"),
        ("#rc=1&rp=all", [404], 2, "delivered"),
        ("#rc=9&rp=nonsense", [500], 1, "failed"),
    ],
)
def test_a_failed_webhook_is_repeated_as_the_url_asks(house, fragment, answers, tries, receipt):
    house.answers = [Response(status=one) for one in answers]
    message = house.write(text="x", fragment=fragment)
    assert house.seen.qsize() == tries
    assert house.receipt(message) == receipt
    tokens = {house.seen.get()[1]["I-Twilio-Idempotency-Token"] for _ in range(tries)}
    assert len(tokens) == 1


def test_nobody_at_the_other_end_is_a_failure(house):
    house.url = "http://127.0.0.1:9/hook"
    assert house.receipt(house.write(text="x")) == "failed"


def test_nothing_leaves_this_machine(house):
    house.url = "https://example.com/hook"
    assert house.receipt(house.write(text="x")) == "failed"


def test_a_plain_answer_of_the_webhook_is_sent_to_the_person(house):
    house.answers = [Response("Hello there", mimetype="text/plain")]
    house.write(text="x")
    bodies = wait_for(lambda: [one.body for one in house.account.messages.all()][1:])
    assert bodies == ["Hello there"]


def test_a_webhook_can_come_twice(house):
    house.write(text="x", times=2)
    assert house.seen.qsize() == 2


def test_writing_opens_the_window(house):
    house.account.contacts.close_window(ANN)
    house.write(text="x")
    contact = house.account.contacts.get(ANN)
    assert contact.window_until > contact.window_until.now(contact.window_until.tzinfo)


def test_who_left_the_sandbox_reaches_nobody_until_they_join(house):
    house.account.contacts.change(ANN, joined=False)
    house.write(text="Hello")
    house.write(text="join calm-river")
    assert house.seen.empty()
    assert house.account.contacts.get(ANN).joined
    house.write(text="Hello")
    assert house.seen.qsize() == 1
