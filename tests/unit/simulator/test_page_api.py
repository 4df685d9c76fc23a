"""The page's API over HTTP: what it shows, what it does, and whom it refuses."""

import io
import json
import threading
from datetime import UTC, datetime

import pytest
import requests
from flask import Flask

from simulator.assistants.faults import AssistantFaults
from simulator.page.app import create_app
from simulator.page.chat_page import ChatPage, log_reader
from simulator.page.hub import MOST_PAGES
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from simulator.twilio.bus import Typing
from simulator.twilio.faults import Fault, FaultKind
from simulator.twilio.inbound import Phones
from tests.processes import wait_for
from tests.webm import webm

ANN = "+15551234567"
CHAT = "/simulator/chats/%2B15551234567/messages"


class Process:
    """A gateway that only counts how often it is killed."""

    state = "up"
    kills = 0

    def kill(self):
        self.kills += 1


class Page:
    def __init__(self, url, chat_page):
        self.url, self.chat_page = url, chat_page

    def post(self, path, document=None, **more):
        return requests.post(self.url + path, json=document, timeout=5, **more)

    def delete(self, path):
        return requests.delete(self.url + path, timeout=5)

    def events(self):
        answer = requests.get(f"{self.url}/simulator/events", stream=True, timeout=20)
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        name = None
        for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])

    def snapshot(self):
        events = self.events()
        name, data = next(events)
        events.close()
        assert name == "snapshot"
        return data


@pytest.fixture
def page():
    hook = Flask("hook")
    hook.add_url_rule("/hook", view_func=lambda: ("", 200), methods=["POST"])
    account = Account("AC" + "a" * 32, "token", frozenset({"+14155238886"}))
    account.contacts.change(ANN, name="Ann", user_id="US.1A2B")
    with serve(hook) as there:
        phones = Phones(account, "+14155238886", f"{there.url}/hook", "http://127.0.0.1:1")
        chat_page = ChatPage(account, phones, Process(), AssistantFaults())
        with serve(create_app(chat_page)) as server:
            yield Page(server.url, chat_page)
            chat_page.hub.close()
        phones.close()
        account.close()


def test_the_page_comes_with_a_strict_policy_and_only_its_own_files(page):
    answer = requests.get(page.url, timeout=5)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    for path in ("app.js", "theme.css", "vendor/lit-html/lit-html.js", "favicon.svg"):
        assert requests.get(f"{page.url}/static/{path}", timeout=5).status_code == 200
    for path in ("../app.py", "%2e%2e/app.py", "nothing.js"):
        assert requests.get(f"{page.url}/static/{path}", timeout=5).status_code == 404


def test_a_snapshot_comes_first_and_then_what_happens(page):
    events = page.events()
    name, data = next(events)
    assert name == "snapshot"
    assert [one["name"] for one in data["contacts"]] == ["Ann"]
    assert data["messages"] == []
    assert {"code": 63016, "where": "status", "title": "Outside the 24-hour window"} in data[
        "errors"
    ]
    assert page.post(CHAT, {"body": "Hello"}).status_code == 201
    seen = []
    for name, data in events:
        seen.append(name)
        if name == "message" and data["status"] == "delivered":
            break
    assert {"contact", "message", "steps"} <= set(seen)


def test_two_streams_see_the_same_and_a_third_too_many_is_refused(page):
    streams = [page.events() for _ in range(MOST_PAGES)]
    for stream in streams:
        next(stream)
    assert requests.get(f"{page.url}/simulator/events", timeout=5).status_code == 503
    page.post(CHAT, {"body": "Hello"})
    for stream in streams:
        assert next(data for name, data in stream if name == "message")["body"] == "Hello"


@pytest.mark.parametrize(
    ("document", "key", "value"),
    [
        ({"body": "Hi *you*"}, "body", "Hi *you*"),
        (
            {"location": {"latitude": "55.5", "longitude": 12, "label": "Here"}},
            "location",
            {"latitude": 55.5, "longitude": 12.0, "label": "Here", "address": ""},
        ),
    ],
)
def test_what_is_written_comes_back(page, document, key, value):
    answer = page.post(CHAT, document)
    assert answer.status_code == 201
    assert answer.json()[key] == value


def test_a_shared_contact_is_a_vcard(page):
    (medium,) = page.post(CHAT, {"vcard": {"name": "Bo\r\nX", "phone": "+4512345678"}}).json()[
        "media"
    ]
    assert medium["type"] == "text/vcard"
    card = requests.get(page.url + medium["url"], timeout=5)
    assert b"TEL;type=CELL;waid=4512345678:+4512345678" in card.content
    assert card.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_card_is_shown_with_all_that_is_on_it(page):
    who = {"name": "Ada; Example", "phone": "+44 20 1", "organisation": "A, B", "email": "a@b.org"}
    (medium,) = page.post(CHAT, {"vcard": who}).json()["media"]
    shown = {"name": "Ada; Example", "organisation": "A, B", "details": ["+44 20 1", "a@b.org"]}
    assert medium["people"] == [shown]
    card = requests.get(page.url + medium["url"], timeout=5).content
    assert b"\r\nN:;Ada\\; Example;;;\r\n" in card


@pytest.mark.parametrize(
    ("card", "names"),
    [
        (b"BEGIN:VCARD\nFN:Ann\nEND:VCARD\n" * 8, [*["Ann"] * 5, "and 3 more"]),
        (b"nothing of that kind", []),
        (b"BEGIN:VCARD\nFN:Ann\nEND:VCARD\n" + b" " * 70_000, []),
    ],
)
def test_cards_that_are_files_are_shown_as_far_as_they_can_be_read(page, card, names):
    file = {"file": ("people.vcf", io.BytesIO(card), "text/vcard")}
    (medium,) = requests.post(page.url + CHAT, files=file, timeout=5).json()["media"]
    assert [one["name"] for one in medium["people"]] == names


def test_what_a_browser_records_is_sent_as_whatsapp_sends_it(page):
    file = {"file": ("voice.webm", io.BytesIO(webm([b"\x08abc"] * 60)), "audio/webm;codecs=opus")}
    (medium,) = requests.post(page.url + CHAT, files=file, timeout=5).json()["media"]
    assert (medium["type"], medium["name"]) == ("audio/ogg", "")
    note = requests.get(page.url + medium["url"], timeout=5).content
    assert note.startswith(b"OggS")
    assert b"OpusHead" in note


def test_media_that_go_wrong_can_be_ordered(page):
    page.post("/simulator/bench/media-404")
    page.post("/simulator/bench/media-foreign")
    armed = {one["id"]: one["armed"] for one in page.snapshot()["bench"] if one["scope"] == "media"}
    assert sorted(armed) == [
        "media-404",
        "media-cut",
        "media-endless",
        "media-expired",
        "media-foreign",
        "media-wrong-type",
    ]
    assert {name for name, count in armed.items() if count} == {"media-404", "media-foreign"}
    faults = page.chat_page.account.faults
    assert faults.take("media", ANN).status == 404
    assert faults.take("media", ANN).status == 404
    assert faults.take("media", ANN).location.startswith("https://media.invalid/")
    assert faults.take("media", ANN) is None


def test_a_file_is_kept_with_its_name_and_caption(page):
    file = {"file": ("cat.png", io.BytesIO(b"PNG"), "image/png")}
    answer = requests.post(page.url + CHAT, files=file, data={"body": "My cat"}, timeout=5)
    assert answer.status_code == 201
    assert answer.json()["body"] == "My cat"
    assert answer.json()["media"][0]["name"] == "cat.png"


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (("x.exe", b"MZ", "application/x-msdownload"), 415),
        (("x.svg", b"<svg/>", "image/svg+xml"), 415),
        (("x.html", b"<p>", "text/html"), 415),
        (("x.webm", b"no recording", "audio/webm"), 415),
        (("x.png", b"", "image/png"), 400),
        (("x.png", b"x" * (5 * 1024 * 1024 + 1), "image/png"), 413),
        (("x.pdf", b"x" * (17 * 1024 * 1024), "application/pdf"), 413),
    ],
)
def test_a_file_that_whatsapp_would_not_carry_is_refused_in_words(page, file, status):
    name, data, kind = file
    answer = requests.post(
        page.url + CHAT, files={"file": (name, io.BytesIO(data), kind)}, timeout=10
    )
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert page.chat_page.account.messages.all() == []


@pytest.mark.parametrize(
    ("path", "document", "status"),
    [
        (CHAT, {}, 400),
        (CHAT, {"body": "  "}, 400),
        (CHAT, {"body": 7}, 400),
        (CHAT, [], 400),
        (CHAT, {"body": "x" * 4097}, 413),
        (CHAT, {"location": {"latitude": 91, "longitude": 0}}, 400),
        (CHAT, {"location": {"latitude": "north"}}, 400),
        (CHAT, {"vcard": {"name": ""}}, 400),
        (CHAT, {"vcard": {"name": "Bo", "phone": "12345", "email": "no"}}, 400),
        (CHAT, {"choice": {"message": "SM0", "id": "x"}}, 409),
        (CHAT, {"body": "x", "reply_to": "SM0"}, 409),
        ("/simulator/chats/nobody/messages", {"body": "x"}, 404),
        ("/simulator/contacts", {"name": ""}, 400),
        ("/simulator/contacts", {"name": "Bo", "phone": "12"}, 400),
        ("/simulator/contacts", {"name": "Bo", "phone": ANN}, 409),
        ("/simulator/bench/nonsense", {}, 404),
        ("/simulator/bench/close-window", {"contact": "nobody"}, 404),
        ("/simulator/errors", {"code": 1}, 400),
        ("/simulator/nowhere", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(page, path, document, status):
    answer = page.post(path, document)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_contacts_are_added_with_and_without_a_phone(page):
    bo = page.post("/simulator/contacts", {"name": "Bo", "phone": "+45 12 34 56 78"}).json()
    assert (bo["id"], bo["phone"]) == ("+4512345678", "+4512345678")
    sam = page.post("/simulator/contacts", {"name": "Sam"}).json()
    assert sam["phone"] is None
    assert sam["id"] == sam["user_id"]


def test_what_is_armed_is_shown_and_can_be_disarmed(page):
    for name in ("twilio-429", "lost-answer", "assistant-hang", "kill-in-turn", "webhook-twice"):
        assert page.post(f"/simulator/bench/{name}", {}).status_code == 204
    armed = {one["id"] for one in page.snapshot()["bench"] if one["armed"]}
    assert armed == {"twilio-429", "lost-answer", "assistant-hang", "kill-in-turn", "webhook-twice"}
    assert page.delete("/simulator/bench").status_code == 204
    assert not [one for one in page.snapshot()["bench"] if one["armed"]]


def test_the_state_of_a_contact_is_changed_and_shown(page):
    page.post("/simulator/bench/close-window", {"contact": ANN})
    page.post("/simulator/bench/opt-out", {"contact": ANN})
    (ann,) = page.snapshot()["contacts"]
    assert (ann["window_open"], ann["opted_out"]) == (False, True)


def test_the_gateway_is_killed_at_once_or_in_the_middle_of_a_turn(page):
    page.post("/simulator/bench/kill-worker", {})
    assert page.chat_page.gateway.kills == 1
    page.post("/simulator/bench/kill-in-turn", {})
    events = page.events()
    next(events)
    account = page.chat_page.account
    with serve(twilio.create_app(account)) as api:
        path = f"{api.url}/2010-04-01/Accounts/{account.sid}/Messages.json"
        form = {"To": f"whatsapp:{ANN}", "From": "whatsapp:+14155238886", "Body": "Hi"}
        assert page.chat_page.gateway.kills == 1
        with pytest.raises(requests.ConnectionError):
            requests.post(path, form, auth=(account.sid, "token"), timeout=5)
        assert page.chat_page.gateway.kills == 2
        shown = next(data for name, data in events if name == "bench")
        assert not [one for one in shown if one["armed"]]
        events.close()
        assert requests.post(path, form, auth=(account.sid, "token"), timeout=5).ok
    assert page.chat_page.gateway.kills == 2


def test_offers_are_sent_and_what_is_tapped_is_a_choice(page):
    page.post("/simulator/bench/send-list", {"contact": ANN})
    (offer,) = page.snapshot()["messages"]
    assert offer["list"]["items"][0]["id"] == "/list"
    choice = {"choice": {"message": offer["sid"], "id": "/list"}}
    assert page.post(CHAT, choice).json()["choice"]["kind"] == "list"


def test_log_lines_become_the_story_of_their_message(page):
    sid = page.post(CHAT, {"body": "Hello"}).json()["sid"]
    wait_for(lambda: page.snapshot()["traces"].get(sid))
    reply = page.chat_page.account.send(f"whatsapp:{ANN}", "whatsapp:+14155238886", "Hi", None)
    read = log_reader(page.chat_page)
    line = {"message": "chunk sent", "trace_id": f"whatsapp-{sid}", "sid": reply.sid, "chunk": 1}
    for text in ("no JSON", "[]", json.dumps(line)):
        read(text)
    shown = page.snapshot()
    assert {one["trace"] for one in shown["messages"]} == {sid}
    assert "Part sent and marked" in [one["title"] for one in shown["traces"][sid]]


def test_a_question_that_waits_for_more_is_told_neither_as_finished_nor_as_lost(page):
    page.post(CHAT, {"body": "so"})
    (message,) = page.snapshot()["messages"]
    for said, state in [
        ("turn held", ""),
        ("turn finished", "held"),
        ("turn taken over", "held"),
        ("turn finished", "delivered"),
    ]:
        line = {"message": said, "state": state, "trace_id": f"whatsapp-{message['sid']}"}
        page.chat_page.read(line)
    told = [one for one in page.snapshot()["traces"][message["sid"]] if one["actor"] == "turn"]
    assert [one["title"] for one in told] == [
        "Waits: more of the question may follow",
        "The wait for more is over",
        "Turn finished",
    ]


def test_typing_ends_when_a_part_arrives_and_not_when_it_is_read(page):
    account = page.chat_page.account
    events = page.events()
    next(events)
    reply = account.messages.add(account.sid, f"whatsapp:{ANN}", "whatsapp:+14155238886", "One")
    account.messages.advance(reply.sid, "delivered")
    account.bus.tell(Typing(ANN, datetime.now(UTC)))
    account.messages.advance(reply.sid, "read")
    page.post(CHAT, {"body": "Last"})
    seen = []
    for name, data in events:
        if name == "typing":
            seen.append("typing" if data["until"] else "arrived")
        if name == "message" and data["sid"] == reply.sid:
            seen.append(data["status"])
        if name == "message" and data["body"] == "Last":
            break
    assert seen == ["queued", "delivered", "arrived", "typing", "read"]


@pytest.mark.parametrize(
    ("lines", "awaited"),
    [
        ([], False),
        (["message queued"], True),
        (["message queued", "turn finished"], False),
        (["turn finished", "message queued"], False),
        (["message queued", "turn stopped by its person"], False),
        (["message queued", "message given up"], False),
        (["message queued", "chunk sent", "lease renewed"], True),
    ],
)
def test_an_answer_is_awaited_while_the_gateway_says_that_it_is_at_work(page, lines, awaited):
    sid = page.post(CHAT, {"body": "Hello"}).json()["sid"]
    for said in lines:
        page.chat_page.read({"message": said, "trace_id": f"whatsapp-{sid}"})
    assert [one["awaited"] for one in page.snapshot()["messages"]] == [awaited]


def test_clearing_keeps_the_contacts(page):
    page.post(CHAT, {"body": "Hello"})
    assert page.delete("/simulator/messages").status_code == 204
    shown = page.snapshot()
    assert (shown["messages"], len(shown["contacts"])) == ([], 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_another_website_can_do_nothing(page, headers):
    assert page.post(CHAT, {"body": "x"}, headers=headers).status_code == 403
    assert page.chat_page.account.messages.all() == []


def test_another_name_for_this_machine_can_read_nothing(page):
    headers = {"Host": "evil.example"}
    for path in ("/", "/simulator/events", "/static/app.js"):
        assert requests.get(page.url + path, headers=headers, timeout=5).status_code == 403


def test_a_link_from_elsewhere_may_open_the_page(page):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert requests.get(page.url, headers=headers, timeout=5).status_code == 200


def test_a_request_that_ends_late_stays_in_the_story_in_which_it_began(page):
    account = page.chat_page.account
    page.chat_page.account.faults.add(Fault(FaultKind.TIME_OUT, seconds=60))
    first = page.post(CHAT, {"body": "First"}).json()["sid"]
    with serve(twilio.create_app(account)) as api:
        sending = threading.Thread(target=_send, args=(api.url, account))
        sending.start()
        wait_for(lambda: not account.faults.armed())
        settled = {"message": "turn finished", "trace_id": f"whatsapp-{first}"}
        page.chat_page.read({**settled, "time": datetime.now(UTC).isoformat()})
        second = page.post(CHAT, {"body": "Second"}).json()["sid"]
        account.faults.clear()
        sending.join(10)
    traces = page.snapshot()["traces"]
    assert "Send a message" in [one["title"] for one in traces[first]]
    assert "Send a message" not in [one["title"] for one in traces[second]]


def _send(url, account):
    form = {"To": f"whatsapp:{ANN}", "From": "whatsapp:+14155238886", "Body": "Hello"}
    with pytest.raises(requests.ConnectionError):
        requests.post(
            f"{url}/2010-04-01/Accounts/{account.sid}/Messages.json",
            data=form,
            auth=(account.sid, account.auth_token),
            timeout=20,
        )
