"""The stand-in for Twilio, judged by Twilio's own SDK over HTTP."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any

import pytest
import requests
from flask import Flask, request
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator.server import serve
from simulator.terminal import Terminal, bubble
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.messages import Message
from tests.processes import free_port

SID = "AC" + "a" * 32
TOKEN = "token-of-the-account"
SENDER = "whatsapp:+14155238886"
PERSON = "whatsapp:+15551234567"
STRANGER = "whatsapp:+15557654321"


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account(SID, TOKEN, frozenset({"+14155238886"}), api_keys={"SK1": "secret"})
    yield account
    account.close()


@pytest.fixture
def url(account: Account) -> Iterator[str]:
    with serve(create_app(account)) as server:
        yield server.url
        # Who waits for a fault to end would keep the server waiting.
        account.faults.clear()


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    client = client_of(url)
    yield client
    client.http_client.session.close()


def client_of(url: str, username: str = SID, password: str = TOKEN) -> Client:
    client = Client(username, password, SID)
    client.api.base_url = url
    return client


def send(client: Client, body: str = "Hello", to: str = PERSON, **more: Any) -> Any:
    return client.messages.create(to=to, from_=SENDER, body=body, **more)


def post(url: str, form: Any, **more: Any) -> requests.Response:
    endpoint = f"{url}/2010-04-01/Accounts/{SID}/Messages.json"
    return requests.post(endpoint, data=form, auth=(SID, TOKEN), timeout=10, **more)


def add_fault(url: str, **fault: Any) -> None:
    answer = requests.post(f"{url}/simulator/faults", json=fault, timeout=10)
    assert answer.status_code == 204, answer.text


def test_a_created_message_is_queued_and_complete(client: Client) -> None:
    message = send(client, "Grüße 👋")

    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert (message.to, message.from_, message.body) == (PERSON, SENDER, "Grüße 👋")
    assert message.status == "queued"
    assert message.direction == "outbound-api"
    assert message.date_sent is None
    assert abs(message.date_created - datetime.now(UTC)) < timedelta(minutes=1)
    assert message.error_code is None


def test_creation_answers_201_with_every_field_of_the_resource(url: str) -> None:
    answer = post(url, {"To": PERSON, "From": SENDER, "Body": "x"})

    assert answer.status_code == 201
    assert set(answer.json()) == {
        *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated"),
        *("direction", "error_code", "error_message", "from", "messaging_service_sid"),
        *("num_media", "num_segments", "price", "price_unit", "sid", "status"),
        *("subresource_uris", "to", "uri"),
    }


def test_a_message_can_be_fetched_by_its_sid(client: Client) -> None:
    sid = send(client).sid

    assert client.messages(sid).fetch().body == "Hello"


def test_a_message_can_go_to_a_business_scoped_id(client: Client) -> None:
    assert send(client, to="whatsapp:US.ENT.1A2B3C").to == "whatsapp:US.ENT.1A2B3C"


def test_a_message_that_does_not_exist_is_20404(client: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client.messages("SM" + "0" * 32).fetch()

    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_an_api_key_opens_the_account_too(url: str) -> None:
    client = client_of(url, "SK1", "secret")

    assert send(client).sid
    client.http_client.session.close()


@pytest.mark.parametrize(("username", "password"), [(SID, "wrong"), ("AC0", TOKEN), ("SK1", TOKEN)])
def test_wrong_credentials_are_20003(url: str, username: str, password: str) -> None:
    client = client_of(url, username, password)

    with pytest.raises(TwilioRestException) as caught:
        send(client)

    assert (caught.value.status, caught.value.code) == (401, 20003)
    client.http_client.session.close()


def test_missing_credentials_are_20003(url: str) -> None:
    answer = requests.get(f"{url}/2010-04-01/Accounts/{SID}/Messages.json", timeout=10)

    assert answer.json()["code"] == 20003


def test_another_account_is_not_found(url: str) -> None:
    other = f"{url}/2010-04-01/Accounts/AC0/Messages.json"

    answer = requests.get(other, auth=(SID, TOKEN), timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


GOOD = {"To": PERSON, "From": SENDER, "Body": "x"}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        pytest.param({"From": SENDER, "Body": "x"}, 21604, id="no To"),
        pytest.param({"To": PERSON, "Body": "x"}, 21603, id="no From"),
        pytest.param({"To": PERSON, "From": SENDER}, 21619, id="no content"),
        pytest.param(GOOD | {"Body": ""}, 21619, id="empty body"),
        pytest.param(GOOD | {"Body": "x" * 1601}, 21617, id="body too long"),
        pytest.param(GOOD | {"Body": "👋" * 801}, 21617, id="emoji count twice"),
        pytest.param(GOOD | {"To": "+15551234567"}, 21910, id="mixed channels"),
        pytest.param(GOOD | {"To": "whatsapp:15551234567"}, 21211, id="To without plus"),
        pytest.param(GOOD | {"To": "whatsapp: +15551234567"}, 21211, id="To with blank"),
        pytest.param(GOOD | {"To": "whatsapp:someone"}, 21211, id="To is a word"),
        pytest.param(GOOD | {"From": "whatsapp:nobody"}, 21212, id="From is a word"),
        pytest.param(GOOD | {"From": STRANGER}, 63007, id="From is not ours"),
        pytest.param(GOOD | {"To": SENDER}, 63031, id="To is From"),
        pytest.param(GOOD | {"StatusCallback": "status"}, 21609, id="callback not absolute"),
        pytest.param(GOOD | {"StatusCallback": "http://a_b/"}, 21609, id="underscore in host"),
        pytest.param(GOOD | {"body": "x"}, 20001, id="unknown field"),
        pytest.param(GOOD | {"To": [PERSON, STRANGER]}, 20001, id="To twice"),
    ],
)
def test_a_bad_request_is_refused_with_twilios_code(
    url: str, account: Account, form: dict[str, Any], code: int
) -> None:
    answer = post(url, form)

    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert set(answer.json()) == {"code", "message", "more_info", "status"}
    assert account.messages.all() == []


def test_1600_utf16_units_are_taken(client: Client) -> None:
    assert send(client, "👋" * 800).sid


def test_a_json_body_is_refused(url: str, account: Account) -> None:
    answer = post(url, None, json={"To": PERSON, "From": SENDER, "Body": "x"})

    assert answer.status_code == 400
    assert account.messages.all() == []


def test_a_huge_body_is_refused(url: str) -> None:
    assert post(url, GOOD | {"Body": "x" * 100_000}).status_code == 413


def test_an_unknown_method_is_20004(url: str) -> None:
    endpoint = f"{url}/2010-04-01/Accounts/{SID}/Messages.json"

    answer = requests.put(endpoint, auth=(SID, TOKEN), timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_the_list_is_filtered_by_recipient_and_sender_newest_first(client: Client) -> None:
    first, second = send(client, "one"), send(client, "two")
    send(client, "to someone else", to=STRANGER)

    found = client.messages.list(to=PERSON, from_=SENDER)

    assert [message.sid for message in found] == [second.sid, first.sid]
    assert client.messages.list(from_=STRANGER) == []


def test_pages_follow_one_another_even_if_messages_arrive_meanwhile(client: Client) -> None:
    sent = [send(client, str(number)).sid for number in range(7)]

    listed = client.messages.stream(to=PERSON, page_size=3)
    seen = [next(listed).sid]
    send(client, "late")
    seen += [message.sid for message in listed]

    assert seen == sent[::-1]


def test_pages_lead_back_to_the_ones_before(client: Client) -> None:
    for number in range(5):
        send(client, str(number))
    first = client.messages.page(page_size=2)
    second = first.next_page()
    third = second.next_page()

    back = third.previous_page()

    assert [message.body for message in third] == ["0"]
    assert third.next_page() is None
    assert [message.body for message in back] == ["2", "1"]
    assert [message.body for message in back.previous_page()] == ["4", "3"]
    assert first.previous_page() is None


def test_the_list_is_filtered_by_the_day_of_sending(client: Client, account: Account) -> None:
    sid = send(client).sid
    account.carrier.close()
    today = datetime.now(UTC)
    tomorrow = today + timedelta(days=1)

    def listed(**dates: datetime) -> list[str]:
        return [message.sid for message in client.messages.list(**dates)]

    assert listed(date_sent_after=today - timedelta(hours=1)) == [sid]
    assert listed(date_sent_before=tomorrow) == [sid]
    assert listed(date_sent_after=tomorrow) == []
    assert listed(date_sent=tomorrow) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("PageSize=1001", 20007),
        ("PageSize=0", 20007),
        ("PageSize=many", 20001),
        ("PageToken=PAunknown", 20001),
        ("DateSent=yesterday", 20001),
        ("Status=sent", 20001),
    ],
)
def test_a_bad_query_is_refused(url: str, client: Client, query: str, code: int) -> None:
    send(client)
    endpoint = f"{url}/2010-04-01/Accounts/{SID}/Messages.json?{query}"

    answer = requests.get(endpoint, auth=(SID, TOKEN), timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_many_threads_lose_no_message(client: Client, account: Account) -> None:
    with ThreadPoolExecutor(8) as pool:
        sids = list(pool.map(lambda number: send(client, str(number)).sid, range(40)))

    assert {message.sid for message in account.messages.all()} == set(sids)
    assert len(set(sids)) == 40


def test_an_error_on_demand_strikes_as_often_as_asked(url: str, client: Client) -> None:
    add_fault(url, fault="error", code=20429, status=429, times=2)

    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            send(client)
        assert (caught.value.status, caught.value.code) == (429, 20429)
    assert send(client).sid


def test_an_error_on_demand_can_take_the_form_of_rfc_9457(url: str, client: Client) -> None:
    add_fault(url, fault="error", code=21211, status=400, body="problem")

    with pytest.raises(TwilioServiceException) as caught:
        send(client)

    assert (caught.value.status, caught.value.code) == (400, 21211)


def test_a_fault_can_be_meant_for_one_recipient(url: str, client: Client) -> None:
    add_fault(url, fault="error", match=STRANGER)

    assert send(client).sid
    with pytest.raises(TwilioRestException):
        send(client, to=STRANGER)


def test_a_fault_can_be_meant_for_the_list(url: str, client: Client) -> None:
    add_fault(url, fault="error", operation="list", status=503)

    assert send(client).sid
    assert requests_list(url).status_code == 503
    assert requests_list(url).status_code == 200


def requests_list(url: str) -> requests.Response:
    endpoint = f"{url}/2010-04-01/Accounts/{SID}/Messages.json"
    return requests.get(endpoint, auth=(SID, TOKEN), timeout=10)


@pytest.mark.parametrize(("fault", "stored"), [("cut_before", 0), ("cut_after", 1)])
def test_a_cut_connection_loses_the_request_or_only_its_answer(
    url: str, client: Client, account: Account, fault: str, stored: int
) -> None:
    add_fault(url, fault=fault)

    with pytest.raises(requests.ConnectionError):
        send(client)

    assert len(account.messages.all()) == stored


@pytest.mark.parametrize(("fault", "stored"), [("time_out", 0), ("delay", 1)])
def test_silence_outlasts_the_patience_of_the_client(
    url: str, client: Client, account: Account, fault: str, stored: int
) -> None:
    add_fault(url, fault=fault, seconds=30)
    client.http_client.timeout = 0.3

    with pytest.raises(requests.ReadTimeout):
        send(client)

    assert len(account.messages.all()) == stored


def test_a_crash_kills_the_gateway_while_it_waits(
    url: str, client: Client, account: Account
) -> None:
    stored_at_kills: list[int] = []
    account.faults.kill = lambda: stored_at_kills.append(len(account.messages.all()))
    add_fault(url, fault="crash")

    with pytest.raises(requests.ConnectionError):
        send(client)
    send(client)

    assert stored_at_kills == [0]
    assert len(account.messages.all()) == 1


def test_a_short_delay_only_takes_time(url: str, client: Client) -> None:
    add_fault(url, fault="delay", seconds=0.2)
    started = datetime.now(UTC)

    assert send(client).sid
    assert datetime.now(UTC) - started >= timedelta(seconds=0.2)


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"fault": "earthquake"},
        {"fault": "error", "color": "red"},
        {"fault": "error", "status": 200},
        {"fault": "error", "code": "x"},
        {"fault": "error", "times": 0},
        {"fault": "error", "times": True},
        {"fault": "error", "body": "xml"},
        {"fault": "error", "operation": "delete"},
        {"fault": "delay", "seconds": -1},
        {"fault": "delay", "seconds": "long"},
        [],
        {"fault": "crash"},
        [{"fault": "error"}, {"fault": "crash"}],
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(url: str, client: Client, fault: Any) -> None:
    answer = requests.post(f"{url}/simulator/faults", json=fault, timeout=10)

    assert answer.status_code == 400
    assert answer.text
    assert send(client).sid


def test_the_door_shows_all_messages_and_forgets_them(url: str, client: Client) -> None:
    sids = [send(client).sid, send(client, to=STRANGER).sid]
    add_fault(url, fault="error")

    shown = requests.get(f"{url}/simulator/messages", timeout=10).json()["messages"]
    assert [message["sid"] for message in shown] == sids

    assert requests.delete(f"{url}/simulator", timeout=10).status_code == 204
    assert requests.get(f"{url}/simulator/messages", timeout=10).json() == {"messages": []}
    assert send(client).sid


def test_whoever_asked_is_told_of_each_message(account: Account, client: Client) -> None:
    told: list[Message] = []
    account.on_message = told.append

    send(client, "one")
    send(client, "two")

    assert [message.body for message in told] == ["one", "two"]


@pytest.fixture
def callbacks() -> Iterator[tuple[str, Queue[dict[str, Any]]]]:
    received: Queue[dict[str, Any]] = Queue()
    app = Flask("status")

    @app.post("/status")
    def status() -> str:
        signature = request.headers["X-Twilio-Signature"]
        received.put({"url": request.url, "signature": signature, "form": request.form.to_dict()})
        return ""

    with serve(app) as server:
        yield f"{server.url}/status", received


def test_status_callbacks_are_signed_as_twilio_signs(
    client: Client, callbacks: tuple[str, Queue[dict[str, Any]]]
) -> None:
    url, received = callbacks

    sid = send(client, status_callback=f"{url}?tenant=1#rc=2").sid
    reports = [received.get(timeout=10) for _ in range(3)]

    validator = RequestValidator(TOKEN)
    for report in reports:
        assert report["url"] == f"{url}?tenant=1"
        assert validator.validate(report["url"], report["form"], report["signature"])
        assert report["form"]["MessageSid"] == sid
        assert report["form"]["To"] == PERSON
    statuses = [report["form"]["MessageStatus"] for report in reports]
    assert statuses == ["sent", "delivered", "read"]
    assert client.messages(sid).fetch().status == "read"


def test_a_status_callback_that_nobody_takes_stops_nothing(
    client: Client, account: Account, callbacks: tuple[str, Queue[dict[str, Any]]]
) -> None:
    url, received = callbacks

    send(client, status_callback="http://127.0.0.1:9/nobody")
    send(client, status_callback=url)

    assert received.get(timeout=10)["form"]["MessageStatus"] == "sent"


def test_no_status_callback_leaves_this_machine(
    client: Client, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    send(client, status_callback="https://example.com/status")
    account.carrier.close()

    assert [record.message for record in caplog.records].count(
        "status callback not sent: it would leave this machine"
    ) == 3


def test_without_a_status_callback_a_message_arrives_all_the_same(
    client: Client, account: Account
) -> None:
    sid = send(client).sid
    account.carrier.close()

    message = client.messages(sid).fetch()
    assert message.status == "read"
    assert message.date_sent is not None


def test_a_taken_port_is_an_error_and_not_the_end_of_the_process(
    url: str, account: Account
) -> None:
    port = int(url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        serve(create_app(account), port)


def test_a_closed_server_frees_its_port(account: Account) -> None:
    port = free_port()
    serve(create_app(account), port).close()

    with serve(create_app(account), port) as again:
        assert again.url == f"http://127.0.0.1:{port}"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_terminal_shows_a_reply_as_an_indented_bubble(account: Account) -> None:
    stream = io.StringIO()

    Terminal(stream, "Aitana").show(account.messages.add(SID, PERSON, SENDER, "one\r\n\ntwo"))

    lines = stream.getvalue().split("\n")
    assert lines[1].startswith("  Aitana to +15551234567 at ")
    assert lines[2:] == ["  │ one", "  │ ", "  │ two", ""]


def test_colours_are_for_terminals_only(account: Account) -> None:
    message = account.messages.add(SID, PERSON, SENDER, "Hello")
    plain, screen = io.StringIO(), Screen()

    Terminal(plain).show(message)
    Terminal(screen).show(message)

    assert "\x1b" not in plain.getvalue()
    assert "\x1b[32m" in screen.getvalue()


def test_no_reply_can_steer_the_terminal(account: Account) -> None:
    harmful = "\x1b[2J\x07\r\x9b31m\x00\u202efdp.exe\u2066"
    message = account.messages.add(SID, PERSON, SENDER, f"{harmful}👩‍🚀")

    shown = bubble(message, "Gateway", colours=False)

    assert not set(harmful) & set("\x1b\x07\r\x9b\x00\u202e\u2066") & set(shown)
    assert "👩‍🚀" in shown


def test_a_stream_without_unicode_still_shows_what_it_can(account: Account) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii")

    Terminal(stream).show(account.messages.add(SID, PERSON, SENDER, "Grüße"))

    assert b"Gr??e" in raw.getvalue()
