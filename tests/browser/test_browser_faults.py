"""Things broken from the page, and seen to heal."""

import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat, Demo

# The page's own: `make test` talks to it in chats and answers.
pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ("twilio-429", 20),
        ("twilio-500", 40),
        ("lost-answer", 40),
        ("twilio-timeout", 60),
        ("shuffle-callbacks", 20),
        ("webhook-twice", 20),
        ("kill-in-turn", 30),
    ],
)
def test_a_fault_costs_neither_the_answer_nor_a_second_one(chat, fault, seconds):
    chat.bench(fault)
    expect(chat.hook(f"bench-{fault}").locator(".count")).to_have_text("1")
    expect(chat.ask("/help", seconds)).to_contain_text("WhatsApp Aitana Commands")
    expect(chat.hook(f"bench-{fault}").locator(".count")).to_have_count(0)
    time.sleep(1.5)
    assert chat.answers().count() == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [("assistant-hang", "took too long"), ("assistant-error", "Something went wrong")],
)
def test_an_assistant_that_fails_is_told_in_plain_words_and_comes_back(chat, fault, words):
    chat.bench(fault)
    expect(chat.ask("Hello", 30)).to_contain_text(words)
    expect(chat.page.locator("[data-testid=step].bad").first).to_be_visible()
    expect(chat.ask("Hello")).to_contain_text("guide")


def test_while_the_assistant_thinks_the_phone_shows_typing(chat):
    chat.ask("/switch thinker")
    chat.say("What do you think?")
    expect(chat.hook("typing")).to_be_visible()
    expect(chat.hook("stop")).to_be_visible()
    expect(chat.questions().last).to_have_attribute("data-status", "read")
    expect(chat.answers().last).to_contain_text("you saw none of it", timeout=20_000)
    expect(chat.hook("typing")).to_have_count(0)
    expect(chat.hook("stop")).to_have_count(0)
    assert "thinking>" not in chat.hook("log").inner_text()


def test_a_gateway_that_is_killed_comes_back_and_answers(chat):
    chat.hook("bench-kill-worker").click()
    expect(chat.hook("gateway")).not_to_have_attribute("data-state", "up")
    chat.say("/help")
    expect(chat.hook("gateway")).to_have_attribute("data-state", "up")
    expect(chat.answers()).to_have_attribute("data-status", "read", timeout=15_000)


def test_a_kill_in_the_middle_of_a_turn_is_part_of_its_story(chat):
    chat.bench("kill-in-turn")
    chat.ask("Hello", 30)
    expect(chat.steps("worker").filter(has_text="SIGKILL")).to_be_visible()
    expect(chat.steps("turn").filter(has_text="taken over")).to_be_visible()


def test_a_closed_window_stops_what_the_business_begins_and_writing_opens_it(chat):
    chat.bench("close-window")
    expect(chat.page.get_by_role("main")).to_contain_text("24-hour window closed")
    chat.bench("send-list")
    expect(chat.answers()).to_have_attribute("data-status", "undelivered")
    expect(chat.answers()).to_contain_text("63016")
    expect(chat.ask("/help")).to_contain_text("Commands")
    expect(chat.hook("bench-close-window")).to_be_visible()


@pytest.mark.parametrize("code", ["63016", "63024"])
def test_any_error_of_twilio_s_can_be_asked_for(chat, code):
    chat.hook("errors").select_option(code)
    chat.press(chat.page.get_by_role("button", name="At the next message"))
    chat.say("/help")
    expect(chat.answers()).to_have_attribute("data-status", "undelivered")
    expect(chat.answers()).to_contain_text(f"({code})")
    # An answer outside the window was parked, and comes before the next one.
    parked = code == "63016"
    chat.say("/current")
    expect(chat.answers()).to_have_count(3 if parked else 2, timeout=20_000)


def test_somebody_who_left_the_sandbox_must_join_again(chat):
    chat.bench("leave-sandbox")
    expect(chat.hook("bench-join-sandbox")).to_be_visible()
    chat.say("/help")
    expect(chat.answers()).to_contain_text("not connected")
    chat.say("join calm-river")
    expect(chat.answers()).to_have_count(2)
    expect(chat.ask("/help")).to_contain_text("Commands")


def test_the_page_survives_a_restart_of_the_server(browser, tmp_path):
    demo = Demo(tmp_path)
    context = browser.new_context()
    with demo.run() as process:
        chat = Chat(context.new_page(), demo.url)
        chat.ask("Hello")
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        expect(chat.page.get_by_text("Reconnecting")).to_be_visible()
        expect(chat.hook("gateway")).to_have_text("Not connected")
        chat.hook("composer").fill("Are you there?")
        chat.hook("send").click()
        expect(chat.hook("toast")).to_contain_text("The server is not there")
        expect(chat.hook("composer")).to_have_value("Are you there?")
    with demo.run():
        expect(chat.page.get_by_text("Reconnecting")).to_have_count(0, timeout=15_000)
        expect(chat.hook("gateway")).to_have_text("Gateway is running")
        chat.hook("send").click()
        expect(chat.answers().last).to_have_attribute("data-status", "read", timeout=15_000)
    context.close()
