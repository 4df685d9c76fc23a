"""Messages deleted at a Twilio that is well or not, over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from lib.twilio.message_records import RecordsError, TwilioRecords
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND
from tests.peer import answer, hang_up, peer

SID, TOKEN = "AC" + "a1" * 16, "the-token"
SENDER, ANN, BEN = "whatsapp:+14155238886", "whatsapp:+15550001111", "whatsapp:+15550002222"
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def account():
    account = Account(SID, TOKEN, frozenset({"+14155238886"}))
    yield account
    account.close()


def records(url, token=TOKEN):
    return TwilioRecords(SID, token, SID, url, lambda _: None)


def erase(records, received=LATER, sent=LATER):
    return records.erase("+15550001111", received, sent, 10)


def test_what_came_and_what_was_sent_goes_with_its_media_and_nobody_elses(account):
    medium = account.media.add(Medium("image/png", b"x", "x.png"))
    for number in range(250):
        account.messages.add(SID, ANN, SENDER, f"answer {number}", status="read")
    account.messages.add(
        SID, SENDER, ANN, "", direction=INBOUND, status="received", media=(medium.sid,)
    )
    other = account.messages.add(SID, BEN, SENDER, "hello Ben", status="read")
    with serve(create_app(account)) as server:
        assert erase(records(server.url)) == 0
    assert account.messages.all() == [other]
    assert account.media.get(medium.sid) is None


def test_what_is_not_final_is_left_until_it_is(account):
    sent = account.messages.add(SID, ANN, SENDER, "answer", status="sent")
    with serve(create_app(account)) as server:
        assert erase(records(server.url)) == 1
        account.messages.change(sent.sid, status="delivered")
        assert erase(records(server.url)) == 0
    assert account.messages.all() == []


def test_what_came_later_stays(account):
    account.messages.add(SID, ANN, SENDER, "answer", status="read")
    account.messages.add(SID, SENDER, ANN, "question", direction=INBOUND, status="received")
    earlier = datetime.now(UTC) - timedelta(hours=1)
    with serve(create_app(account)) as server:
        assert erase(records(server.url), earlier, LATER) == 0
        (left,) = account.messages.all()
        assert left.body == "question"


def test_what_came_or_was_sent_earlier_than_that_stays(account):
    at = datetime.now(UTC).replace(microsecond=0)
    for minutes in (2, 1, 0):
        sent = account.messages.add(SID, ANN, SENDER, f"{minutes}", status="read")
        account.messages.change(sent.sid, created_at=at - timedelta(minutes=minutes))
    with serve(create_app(account)) as server:
        since = at - timedelta(minutes=1)
        assert records(server.url).erase("+15550001111", LATER, LATER, 10, since) == 0
    assert [one.body for one in account.messages.all()] == ["2"]


def page(**fields):
    return answer(200, json.dumps({"messages": [], **fields}).encode())


NOW = format_datetime(datetime.now(UTC))
MESSAGE = {"sid": "SM1", "date_created": NOW, "num_media": "0"}


@pytest.mark.parametrize(
    "steps",
    [
        [answer(401)],
        [answer(429)],
        [answer(503)],
        [answer(200, b"[]")],
        [answer(200, b"{")],
        [hang_up],
        [page(next_page_uri="https://example.org/2010-04-01")],
        [page(next_page_uri=f"/2010-04-01/Accounts/{SID}/Calls.json?Page=1")],
        [page(messages=[{**MESSAGE, "sid": "../Calls/CA1"}])],
        [page(messages=[MESSAGE]), answer(500)],
        [page(messages=[MESSAGE]), answer(400, b'{"code": 20001}')],
    ],
)
def test_what_twilio_does_not_do_is_to_be_tried_again(steps):
    with peer(*steps) as server, pytest.raises(RecordsError):
        erase(records(server.url))


def test_a_message_that_is_gone_already_is_gone():
    steps = [page(messages=[MESSAGE]), answer(404), page()]
    with peer(*steps) as server:
        assert erase(records(server.url)) == 0
