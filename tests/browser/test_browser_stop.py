"""An answer that comes in parts, and the button that stops it, in a real browser.

The test stands in for the gateway: it takes the webhook's messages, sends through Twilio's API,
and writes the lines of the gateway's log.
"""

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from queue import Queue

import pytest
import requests
from flask import Flask, request
from playwright.sync_api import expect

from simulator.assistants.faults import AssistantFaults
from simulator.page.app import create_app
from simulator.page.chat_page import ChatPage, log_reader
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from simulator.twilio.inbound import Phones
from tests.browser.conftest import DESKTOP, PHONE, Chat
from tests.browser.test_browser_contrast import TEXTS

# The page's own: `make test` talks to it in chats and answers.
pytestmark = pytest.mark.thorough

ANN, BUSINESS = "+15551234567", "+14155238886"


class Gateway:
    """What a gateway does, one step at a time; ``state`` and ``kill`` are the process's."""

    state = "up"

    def __init__(self, account):
        self.account, self.received = account, Queue()
        self.url, self.read = "", None

    def kill(self):
        raise AssertionError("nobody asked for that")

    def take(self, body):
        """Take the next message off the webhook, queue it, and return its SID."""
        form = self.received.get(timeout=20)
        assert form["Body"] == body
        self.log("message queued", form["MessageSid"])
        return form["MessageSid"]

    def types(self, sid):
        form = {"messageId": sid, "channel": "whatsapp"}
        self._post("/v2/Indicators/Typing.json", form)

    def sends(self, sid, text):
        form = {"To": f"whatsapp:{ANN}", "From": f"whatsapp:{BUSINESS}", "Body": text}
        sent = self._post(f"/2010-04-01/Accounts/{self.account.sid}/Messages.json", form)
        self.log("chunk sent", sid, sid=sent["sid"])

    def log(self, message, about, **facts):
        now = datetime.now(UTC).isoformat()
        line = {"message": message, "trace_id": f"whatsapp-{about}", "time": now, **facts}
        self.read(json.dumps(line))

    def _post(self, path, form):
        login = (self.account.sid, self.account.auth_token)
        answer = requests.post(self.url + path, form, auth=login, timeout=10)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture
def desk():
    """The page of a gateway that the test plays: its address, and the gateway."""
    account = Account("AC" + "a" * 32, "token", frozenset({BUSINESS}))
    account.contacts.change(ANN, name="Ann", user_id="US.1A2B")
    gateway, hook = Gateway(account), Flask("hook")
    hook.add_url_rule(
        "/hook",
        view_func=lambda: (gateway.received.put(request.form.to_dict()), ("", 200))[1],
        methods=["POST"],
    )
    with ExitStack() as stack:
        there = stack.enter_context(serve(hook))
        gateway.url = stack.enter_context(serve(twilio.create_app(account))).url
        stack.callback(account.close)
        phones = Phones(account, BUSINESS, f"{there.url}/hook", gateway.url)
        stack.callback(phones.close)
        chat_page = ChatPage(account, phones, gateway, AssistantFaults())
        gateway.read = log_reader(chat_page)
        url = stack.enter_context(serve(create_app(chat_page))).url
        stack.callback(chat_page.hub.close)
        yield url, gateway


@pytest.fixture
def open_page(browser, desk):
    """Open the page; at the end it must not have complained."""
    contexts, chats = [], []

    def make(viewport=DESKTOP, **options):
        contexts.append(browser.new_context(viewport=DESKTOP, **options))
        chats.append(Chat(contexts[-1].new_page(), desk[0]))
        chats[-1].page.set_viewport_size(viewport)
        return chats[-1]

    yield make
    for context in contexts:
        context.close()
    assert [chat.console for chat in chats] == [[] for _ in chats]


@pytest.fixture
def gateway(desk):
    return desk[1]


def ask(chat, gateway, text="Tell me a long story"):
    chat.say(text)
    return gateway.take(text)


def test_parts_arrive_one_by_one_with_typing_between_them(open_page, gateway):
    chat = open_page()
    sid = ask(chat, gateway)
    for number in (1, 2, 3):
        gateway.types(sid)
        expect(chat.hook("typing")).to_be_visible()
        expect(chat.hook("stop")).to_be_visible()
        gateway.sends(sid, f"Part {number} of the story.")
        expect(chat.answers()).to_have_count(number)
        expect(chat.answers().last).to_contain_text(f"Part {number} of the story.")
        expect(chat.hook("typing")).to_have_count(0)
        expect(chat.hook("stop")).to_be_visible()
    gateway.log("turn finished", sid, state="delivered")
    expect(chat.hook("stop")).to_have_count(0)
    expect(chat.questions().last).to_have_attribute("data-status", "read")


def test_the_button_writes_cancel_as_the_phone_would_and_goes_when_all_is_stopped(
    open_page, gateway
):
    chat = open_page()
    sid = ask(chat, gateway)
    gateway.sends(sid, "Part 1 of the story.")
    chat.hook("composer").fill("half a thought")
    chat.hook("stop").click()
    cancel = gateway.take("/cancel")
    expect(chat.questions().last).to_contain_text("/cancel")
    expect(chat.hook("stop")).to_be_disabled()
    expect(chat.hook("stop")).to_have_text("Stopping …")
    gateway.sends(cancel, "Stopped.")
    gateway.log("turn finished", cancel, state="delivered")
    gateway.log("turn stopped by its person", sid)
    expect(chat.hook("stop")).to_have_count(0)
    expect(chat.answers().last).to_contain_text("Stopped.")
    expect(chat.hook("composer")).to_have_value("half a thought")


def test_what_is_written_after_a_stop_can_be_stopped_too(open_page, gateway):
    chat = open_page()
    ask(chat, gateway)
    chat.hook("stop").click()
    gateway.take("/cancel")
    ask(chat, gateway, "Another one")
    expect(chat.hook("stop")).to_be_enabled()
    expect(chat.hook("stop")).to_have_text("Stop")


@pytest.mark.parametrize(
    ("message", "facts", "is_over"),
    [
        ("turn finished", {"state": "delivered"}, True),
        ("turn finished", {"state": "held"}, False),
        ("message given up", {"reason": "too old"}, True),
        ("message seen before", {"state": "delivered", "verdict": "done"}, True),
        ("message seen before", {"state": "thinking", "verdict": "busy"}, False),
        ("lease renewed", {}, False),
    ],
)
def test_the_button_stands_there_exactly_while_the_gateway_is_at_work(
    open_page, gateway, message, facts, is_over
):
    chat = open_page()
    sid = ask(chat, gateway)
    expect(chat.hook("stop")).to_be_visible()
    gateway.log(message, sid, **facts)
    # The page has taken the line before it shows what comes after it.
    gateway.sends(sid, "A word.")
    expect(chat.answers()).to_have_count(1)
    expect(chat.hook("stop")).to_have_count(0 if is_over else 1)


def test_a_page_that_is_opened_late_has_the_button_and_nobody_else_does(open_page, gateway):
    ask(open_page(), gateway)
    late = open_page()
    expect(late.hook("stop")).to_be_visible()
    gateway.account.contacts.change("+4915550001111", name="Jörg")
    late.open("Jörg")
    expect(late.hook("stop")).to_have_count(0)


def test_what_was_finished_before_it_is_told_to_be_queued_has_no_button(open_page, gateway):
    chat = open_page()
    chat.say("Quick")
    sid = gateway.received.get(timeout=20)["MessageSid"]
    gateway.log("turn finished", sid, state="delivered")
    gateway.log("message queued", sid)
    gateway.sends(sid, "Done.")
    expect(chat.answers()).to_have_count(1)
    expect(chat.hook("stop")).to_have_count(0)


def test_the_button_is_reached_by_keyboard_and_gives_the_composer_its_focus_back(
    open_page, gateway
):
    chat = open_page()
    sid = ask(chat, gateway)
    button = chat.page.get_by_role("button", name="Stop the answer")
    expect(button).to_be_visible()
    chat.hook("composer").focus()
    chat.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    gateway.log("turn finished", sid, state="delivered")
    expect(chat.hook("composer")).to_be_focused()
    ask(chat, gateway, "Another one")
    expect(button).to_be_visible()
    chat.hook("composer").focus()
    chat.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    chat.page.keyboard.press("Enter")
    gateway.take("/cancel")
    expect(chat.hook("composer")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_button_is_readable_and_fits_in_daylight_and_in_the_dark(
    open_page, gateway, viewport, scheme
):
    chat = open_page(viewport, color_scheme=scheme)
    ask(chat, gateway)
    for label in ("Stop", "Stopping …"):
        expect(chat.hook("stop")).to_have_text(label)
        expect(chat.hook("stop")).to_have_css("opacity", "1")
        # Disabled controls are exempt; this one is to be read all the same.
        chat.page.evaluate(
            "document.querySelectorAll('.stop').forEach(one => one.disabled = false)"
        )
        shown = [one for one in chat.page.evaluate(TEXTS) if one["text"] == label]
        assert [one["contrast"] >= 4.5 for one in shown] == [True]
        root = "document.documentElement"
        assert chat.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        assert chat.hook("composer").bounding_box()["width"] > 120
        if label == "Stop":
            chat.hook("stop").click()
            gateway.take("/cancel")
