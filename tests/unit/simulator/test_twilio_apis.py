"""The stand-in's further APIs, judged by Twilio's own SDK: templates, media, typing."""

from urllib.parse import urlsplit

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.bus import Typing
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND

SID, TOKEN = "AC" + "a" * 32, "token"
SENDER, PERSON = "whatsapp:+14155238886", "whatsapp:+15551234567"
PNG = b"\x89PNG\r\n\x1a\n and so on"
QUICK = {"twilio/quick-reply": {"body": "Hi {{1}}", "actions": [{"title": "Yes", "id": "y"}]}}
LIST = {
    "twilio/list-picker": {"body": "Pick", "button": "Open", "items": [{"item": "A", "id": "a"}]}
}


@pytest.fixture
def account():
    account = Account(SID, TOKEN, frozenset({"+14155238886"}))
    yield account
    account.close()


@pytest.fixture
def url(account):
    with serve(create_app(account)) as server:
        yield server.url


@pytest.fixture
def client(url):
    client = Client(SID, TOKEN, SID)
    client.api.base_url = client.content.base_url = client.messaging.base_url = url
    yield client
    client.http_client.session.close()


def template(url, types=QUICK, **more):
    document = {"friendly_name": "t", "language": "en", "variables": {"1": "you"}, "types": types}
    return requests.post(f"{url}/v1/Content", json=document | more, auth=(SID, TOKEN), timeout=5)


def code_of(call):
    with pytest.raises(TwilioRestException) as caught:
        call()
    return caught.value.code


def test_a_template_is_created_fetched_listed_and_deleted(client, url):
    sid = template(url).json()["sid"]
    assert sid.startswith("HX")
    assert client.content.v1.contents(sid).fetch().types == QUICK
    assert [one.sid for one in client.content.v1.contents.list()] == [sid]
    assert client.content.v1.contents(sid).delete()
    assert code_of(client.content.v1.contents(sid).fetch) == 20404


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"twilio/flows": {"body": "x"}},
        {**QUICK, **LIST},
        {"twilio/quick-reply": {"body": "x" * 1025, "actions": [{"title": "a"}]}},
        {"twilio/quick-reply": {"body": "x", "actions": []}},
        {"twilio/quick-reply": {"body": "x", "actions": [{"title": "a"}] * 11}},
        {"twilio/quick-reply": {"body": "x", "actions": [{"title": "a" * 21}]}},
        {
            "twilio/list-picker": {
                "body": "x",
                "button": "b" * 21,
                "items": [{"item": "A", "id": "a"}],
            }
        },
        {
            "twilio/list-picker": {
                "body": "x",
                "button": "b",
                "items": [{"item": "A" * 25, "id": "a"}],
            }
        },
        {"twilio/list-picker": {"body": "x", "button": "b", "items": [{"item": "A"}]}},
        {"twilio/list-picker": {"body": "x", "button": "b", "items": "A"}},
    ],
)
def test_a_template_that_twilio_would_not_take_is_refused(url, types):
    answer = template(url, types)
    assert answer.status_code == 400
    assert answer.json()["code"] == 20001


def test_a_template_is_sent_with_its_variables(client, url):
    sid = template(url).json()["sid"]
    sent = client.messages.create(
        to=PERSON, from_=SENDER, content_sid=sid, content_variables='{"1": "Ann"}'
    )
    assert sent.body == "Hi Ann"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"content_sid": "HX1"}, 21655),
        ({"content_sid": "HX" + "0" * 32}, 21654),
        ({"content_variables": "{}"}, 21654),
        ({"content_sid": "known", "content_variables": "["}, 21656),
        ({"content_sid": "known", "content_variables": '{"1": ""}'}, 21656),
        ({"content_sid": "known", "content_variables": '{"1": "a\\nb"}'}, 21656),
        ({"content_sid": "known", "content_variables": '{"9": "x"}'}, 21656),
        ({"content_sid": "known", "body": "x"}, 20001),
    ],
)
def test_a_wrong_use_of_a_template_has_its_code(client, url, fields, code):
    if fields.get("content_sid") == "known":
        fields = fields | {"content_sid": template(url).json()["sid"]}
    assert code_of(lambda: client.messages.create(to=PERSON, from_=SENDER, **fields)) == code


def test_only_an_approved_template_passes_a_closed_window(client, url, account):
    requests.patch(
        f"{url}/simulator/contacts/+15551234567", json={"window_seconds": 0}, timeout=5
    ).raise_for_status()
    sid = template(url).json()["sid"]
    path = f"{url}/v1/Content/{sid}/ApprovalRequests"
    approval = {"name": "t", "category": "UTILITY"}
    first = client.messages.create(to=PERSON, from_=SENDER, content_sid=sid)
    requests.post(f"{path}/whatsapp", json=approval, auth=(SID, TOKEN), timeout=5)
    assert (
        requests.get(path, auth=(SID, TOKEN), timeout=5).json()["whatsapp"]["status"] == "approved"
    )
    second = client.messages.create(to=PERSON, from_=SENDER, content_sid=sid)
    account.carrier.close()
    assert account.messages.get(first.sid).error_code == 63016
    assert account.messages.get(second.sid).status == "read"


@pytest.fixture
def picture(account):
    medium = account.media.add(Medium("image/png", PNG, "cat.png"))
    return account.messages.add(
        SID, SENDER, PERSON, "", direction=INBOUND, status="received", media=(medium.sid,)
    )


def media_url(url, message):
    return f"{url}{message.uri}/Media/{message.media[0]}"


def test_media_are_listed_fetched_and_deleted(client, picture):
    (medium,) = client.messages(picture.sid).media.list()
    assert medium.content_type == "image/png"
    assert client.messages(picture.sid).media(medium.sid).fetch().parent_sid == picture.sid
    assert client.messages(picture.sid).media(medium.sid).delete()
    assert code_of(client.messages(picture.sid).media(medium.sid).fetch) == 20404


def test_media_need_credentials_and_come_from_another_host(url, picture):
    here = media_url(url, picture)
    assert requests.get(here, timeout=5).status_code == 401
    answer = requests.get(here, auth=(SID, TOKEN), timeout=5, allow_redirects=False)
    assert answer.status_code == 307
    assert urlsplit(answer.headers["Location"]).hostname == "localhost"
    followed = requests.get(here, auth=(SID, TOKEN), timeout=5)
    assert followed.content == PNG
    assert followed.headers["Content-Type"] == "image/png"
    assert "cat.png" in followed.headers["Content-Disposition"]


def test_the_storage_refuses_credentials_and_forged_urls(url, picture):
    here = media_url(url, picture)
    there = requests.get(here, auth=(SID, TOKEN), timeout=5, allow_redirects=False).headers[
        "Location"
    ]
    assert requests.get(there, auth=(SID, TOKEN), timeout=5).status_code == 400
    assert requests.get(there[:-1] + "x", timeout=5).status_code == 403
    assert requests.get(there.replace("expires=", "expires=9"), timeout=5).status_code == 403


def test_media_that_cannot_be_fetched_fail_by_callback(client, account):
    sent = client.messages.create(
        to=PERSON, from_=SENDER, body="x", media_url=["http://127.0.0.1:9/cat.png"]
    )
    account.carrier.close()
    assert sent.num_media == "1"
    failed = account.messages.get(sent.sid)
    assert (failed.status, failed.error_code) == ("failed", 63019)


def test_media_on_this_machine_are_fetched(client, account, url, picture):
    there = requests.get(
        media_url(url, picture), auth=(SID, TOKEN), timeout=5, allow_redirects=False
    ).headers["Location"]
    sent = client.messages.create(to=PERSON, from_=SENDER, media_url=[there])
    account.carrier.close()
    assert account.messages.get(sent.sid).status == "read"
    assert account.media.get(account.messages.get(sent.sid).media[0]).data == PNG


def test_typing_marks_a_message_as_read(client, account):
    seen = []
    account.bus.watch(seen.append)
    message = account.messages.add(SID, SENDER, PERSON, "Hi", direction=INBOUND, receipt="sent")
    shown = client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=message.sid)
    assert shown.success is True
    assert account.messages.get(message.sid).receipt == "read"
    assert [one.address for one in seen if isinstance(one, Typing)] == ["+15551234567"]


@pytest.mark.parametrize(
    "form",
    [
        {"messageId": "SM" + "0" * 32, "channel": "whatsapp"},
        {"messageId": "known", "channel": "WHATSAPP"},
        {"messageId": "known"},
    ],
)
def test_typing_to_nobody_is_refused(url, account, form):
    message = account.messages.add(SID, SENDER, PERSON, "Hi", direction=INBOUND)
    form = {key: message.sid if value == "known" else value for key, value in form.items()}
    answer = requests.post(
        f"{url}/v2/Indicators/Typing.json", data=form, auth=(SID, TOKEN), timeout=5
    )
    assert answer.status_code in {400, 404}
    assert account.messages.get(message.sid).receipt == ""


def test_a_message_is_redacted_and_deleted_once_its_state_is_final(client, account):
    sent = client.messages.create(to=PERSON, from_=SENDER, body="secret")
    assert client.messages(sent.sid).update(body="").body == ""
    account.messages.change(sent.sid, status="sent")
    assert code_of(client.messages(sent.sid).delete) == 20009
    account.messages.change(sent.sid, status="delivered")
    assert client.messages(sent.sid).delete()
    assert code_of(client.messages(sent.sid).fetch) == 20404
