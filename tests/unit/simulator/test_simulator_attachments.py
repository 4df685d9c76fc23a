"""Media that the business sends: fetched over HTTP and judged, as Twilio and WhatsApp do."""

import pytest
import requests
from flask import Flask, Response, request
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.page.views import message_view
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.bus import Step

SID, TOKEN = "AC" + "a" * 32, "token"
SENDER, PERSON = "whatsapp:+14155238886", "whatsapp:+15551234567"
PNG, PDF, ZIP = b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04"
MP4 = b"\0\0\0\x18ftypisom"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def account():
    account = Account(SID, TOKEN, frozenset({"+14155238886"}))
    yield account
    account.close()


@pytest.fixture(scope="module")
def client(account):
    with serve(create_app(account)) as server:
        client = Client(SID, TOKEN, SID)
        client.api.base_url = server.url
        client.simulator = server.url
        yield client
        client.http_client.session.close()


class Files:
    """A server of one file at any path, which notes how it was asked for it."""

    def __init__(self):
        self.methods, self.answer = [], {}
        self.app = Flask("files")
        self.app.add_url_rule("/<path:name>", "file", self.file, methods=["GET"])

    def file(self, name):
        self.methods.append(request.method)
        if request.method in self.answer.get("refused", ()):
            return Response(status=403)
        response = Response(self.answer["data"], status=self.answer.get("status", 200))
        response.headers["Content-Type"] = self.answer["type"]
        if not self.answer["type"]:
            del response.headers["Content-Type"]
        if disposition := self.answer.get("disposition"):
            response.headers["Content-Disposition"] = disposition
        return response


@pytest.fixture(scope="module")
def files():
    served = Files()
    with serve(served.app) as server:
        served.url = server.url
        yield served


@pytest.fixture
def sent(account, client, files):
    def send(name="a.png", **answer):
        files.methods.clear()
        files.answer = {"data": PNG, "type": "image/png", **answer}
        to = client.messages.create(
            to=PERSON, from_=SENDER, body="Look", media_url=[f"{files.url}/{name}"]
        )
        account.carrier.close()
        return account.messages.get(to.sid)

    return send


@pytest.mark.parametrize(
    ("name", "content_type", "data"),
    [
        ("a.png", "image/png", PNG),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0"),
        ("a.pdf", "application/pdf", PDF),
        ("a.mp4", "video/mp4", MP4),
        ("a.mp3", "audio/mpeg", b"ID3"),
        ("a.ogg", "audio/ogg; codecs=opus", b"OggS"),
        ("a.docx", WORD, ZIP),
        ("a.vcf", "text/vcard; charset=utf-8", b"BEGIN:VCARD\r\n"),
        ("a.png", "image/png", PNG + bytes(5 * MEGABYTE - len(PNG))),
        ("a.pdf", "application/pdf", PDF + bytes(16 * MEGABYTE - len(PDF))),
    ],
)
def test_what_whatsapp_takes_arrives_whole(account, sent, files, name, content_type, data):
    message = sent(name, type=content_type, data=data)
    assert (message.status, message.error_code) == ("read", None)
    (sid,) = message.media
    assert account.media.get(sid).data == data
    assert account.media.get(sid).name == name
    assert files.methods == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (63019, {"status": 404}),
        (63019, {"status": 500}),
        (63019, {"status": 302}),
        (63019, {"refused": ["HEAD"]}),
        (63019, {"refused": ["GET"]}),
        (63019, {"data": b""}),
        (63019, {"name": "picture"}),
        (63019, {"disposition": 'inline; filename="picture"'}),
        (63019, {"name": "a.pdf", "type": "application/pdf", "data": PDF + bytes(16 * MEGABYTE)}),
        (12300, {"type": ""}),
        (63021, {"type": "image/webp", "data": b"RIFF____WEBP"}),
        (63021, {"type": "image/svg+xml", "data": b"<svg/>"}),
        (63021, {"type": "image/jpeg"}),
        (63021, {"type": "application/pdf", "data": ZIP}),
        (63005, {"type": "text/csv", "data": b"a,b"}),
        (63005, {"type": "application/zip", "data": ZIP}),
        (63005, {"data": PNG + bytes(5 * MEGABYTE)}),
    ],
)
def test_what_it_does_not_take_fails_with_its_code(sent, code, answer):
    message = sent(**answer)
    assert message.error_code == code
    assert message.status in {"failed", "undelivered"}


def test_a_name_is_that_of_the_disposition(account, sent):
    message = sent("x7f", disposition="inline; filename*=UTF-8''n%C3%A9w.png")
    assert account.media.get(message.media[0]).name == "néw.png"


def test_what_is_elsewhere_is_shown_by_its_link_and_never_fetched(account, client):
    told = []
    account.bus.watch(told.append)
    url = "https://example.com/files/My%20plan.pdf?token=1"
    created = client.messages.create(to=PERSON, from_=SENDER, media_url=[url])
    account.carrier.close()
    message = account.messages.get(created.sid)
    assert message.status == "read"
    (medium,) = message_view(message, account.media, "")["media"]
    assert medium["url"] == url
    assert medium["content_type"] == "application/pdf"
    assert medium["name"] == "My plan.pdf"
    assert medium["linked"] is True
    steps = [step for step in told if isinstance(step, Step) and step.message_sid == created.sid]
    assert any("leave this machine" in step.detail for step in steps)


def test_what_was_fetched_is_shown_from_here(account, sent):
    (medium,) = message_view(sent(), account.media, "")["media"]
    assert medium["url"].startswith("/simulator/media/ME")
    assert (medium["content_type"], medium["name"]) == ("image/png", "a.png")
    assert medium["linked"] is False


@pytest.mark.parametrize("code", [63019, 63021, 63005])
def test_a_fault_waits_for_the_next_medium(account, client, sent, code):
    fault = {"fault": "status", "operation": "attachment", "code": code}
    answer = requests.post(f"{client.simulator}/simulator/faults", json=fault, timeout=5)
    assert answer.status_code == 204
    words = client.messages.create(to=PERSON, from_=SENDER, body="No medium")
    assert sent().error_code == code
    assert sent().error_code is None
    assert account.messages.get(words.sid).error_code is None


def test_an_attachment_has_no_other_fault(client):
    fault = {"fault": "error", "operation": "attachment", "code": 63019}
    answer = requests.post(f"{client.simulator}/simulator/faults", json=fault, timeout=5)
    assert answer.status_code == 400


def test_media_are_counted_in_the_list(client, sent):
    with_medium = sent()
    words = client.messages.create(to=PERSON, from_=SENDER, body="No medium")
    listed = {one.sid: one.num_media for one in client.messages.list(to=PERSON, limit=20)}
    assert (listed[with_medium.sid], listed[words.sid]) == ("1", "0")


def test_a_place_is_shared_by_its_action(account, client):
    action = "geo:52.5163,-13.3777|Brandenburg Gate"
    created = client.messages.create(
        to=PERSON, from_=SENDER, body="The gate", persistent_action=[action]
    )
    account.carrier.close()
    message = account.messages.get(created.sid)
    assert (message.status, created.num_media) == ("read", "0")
    assert message_view(message, account.media, "")["location"] == {
        "latitude": 52.5163,
        "longitude": -13.3777,
        "label": "Brandenburg Gate",
        "address": "",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"persistent_action": ["geo:52.5,13.4|Here"]},
        {"persistent_action": ["geo:north|Here"], "body": "x"},
        {"media_url": ["https://example.com/1.png", "https://example.com/2.png"]},
        {"media_url": ["ftp://example.com/1.png"]},
    ],
)
def test_what_twilio_cannot_take_is_refused_at_once(client, fields):
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to=PERSON, from_=SENDER, **fields)
    assert caught.value.status == 400
