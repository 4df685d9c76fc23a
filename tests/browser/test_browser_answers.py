"""Long answers, seen from the phone: in parts, stopped, interrupted, asked about, and rated."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat, Demo

STOPPED = "Stopped. What the assistant had already done stays done."
INTERRUPTED = "(I was interrupted; from the beginning:)"
SECONDS = 30_000

# What the phone shows, in the order in which it comes: that somebody writes, and each bubble.
WATCH = """
() => {
  const shown = new Set();
  let typing = false;
  window.seen = [];
  const look = () => {
    for (const one of document.querySelectorAll("[data-direction=out]:not(.pending)")) {
      if (shown.has(one.dataset.sid)) continue;
      shown.add(one.dataset.sid);
      window.seen.push("part");
    }
    const now = document.querySelector("[data-testid=typing]") !== null;
    if (now && !typing) window.seen.push("typing");
    typing = now;
  };
  look();
  window.seen.length = 0;
  new MutationObserver(look).observe(document.body,
    { attributes: true, childList: true, subtree: true });
}
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that lets assistants take their time, and whose dead workers are replaced soon."""
    settings = {"TURN_LEASE_SECONDS": "27", "ASSISTANT_API_TIMEOUT": "30"}
    ready = Demo(tmp_path_factory.mktemp("demo"), **settings)
    with ready.run():
        yield ready


def switch(chat: Chat, name: str) -> None:
    expect(chat.ask(f"/switch {name}")).to_contain_text("Switched to assistant")


def numbers(texts: list[str]) -> list[int]:
    """The sentences that were written, by the number that each of them names."""
    return [int(one) for one in re.findall(r"This is sentence (\d+)", "\n".join(texts))]


def test_a_long_answer_arrives_in_parts_while_typing_shows_between_them(chat):
    switch(chat, "writer")
    chat.page.evaluate(WATCH)
    chat.say("5000 at 100")
    last = chat.answers().filter(has_text="End.")
    first = chat.answers().nth(1)
    expect(first).to_have_attribute("data-status", "read", timeout=SECONDS)
    expect(last).to_have_count(0)
    expect(chat.hook("stop")).to_be_visible()
    expect(last).to_have_attribute("data-status", "read", timeout=SECONDS)
    expect(chat.hook("typing")).to_have_count(0)
    expect(chat.hook("stop")).to_have_count(0)
    seen = " ".join(chat.page.evaluate("window.seen"))
    assert re.fullmatch(r"typing part.* typing part.*", seen), seen
    written = numbers(chat.answers().locator(".text").all_inner_texts()[1:])
    assert written == list(range(1, len(written) + 1))
    assert len(written) > 50


def test_a_stopped_answer_ends_there_and_why_tells_of_it(chat):
    switch(chat, "writer")
    stop_a_long_answer(chat)
    expect(chat.hook("stop")).to_have_count(0)
    expect(chat.questions().last.locator(".text")).to_have_text("/cancel")
    question = chat.questions().nth(1)
    question.click()
    expect(chat.steps("turn").filter(has_text="Stopped by its person")).to_be_visible()
    chat.say("/why")
    why = chat.answers().filter(has_text="About the last answer:")
    expect(why).to_have_attribute("data-status", "read", timeout=SECONDS)
    sid = question.get_attribute("data-sid")
    _, who, parts, stopped, trace = why.locator(".text").inner_text().splitlines()
    assert (who, stopped) == ("• Assistant: Writer", "• Stopped: by you")
    assert re.fullmatch(r"• Parts: \d+ \(.+\)", parts)
    assert trace == f"• Trace id: whatsapp-{sid}"
    texts = chat.answers().locator(".text").all_inner_texts()
    after = texts[texts.index(STOPPED) + 1 : -1]
    # The part that was just leaving may arrive; none begins.
    assert len(after) <= 1
    assert "End." not in "".join(texts)


def stop_a_long_answer(chat: Chat) -> None:
    chat.say("20000 at 400")
    expect(chat.answers().nth(1)).to_contain_text("sentence 1;", timeout=SECONDS)
    chat.hook("stop").click()
    expect(chat.answers().filter(has_text=STOPPED)).to_have_count(1, timeout=SECONDS)


def test_what_is_asked_after_a_stop_is_answered(chat):
    switch(chat, "writer")
    stop_a_long_answer(chat)
    chat.say("200")
    answer = chat.answers().filter(has_text="here are 200 characters")
    expect(answer).to_have_attribute("data-status", "read", timeout=SECONDS)


def test_a_gateway_killed_in_the_middle_of_an_answer_says_so_and_begins_anew(chat):
    switch(chat, "stream")
    chat.say("differs 5000 at 200")
    expect(chat.answers().nth(1)).to_contain_text("of attempt 1", timeout=SECONDS)
    chat.bench("kill-worker")
    said = chat.answers().filter(has_text=INTERRUPTED)
    expect(said).to_have_count(1, timeout=3 * SECONDS)
    expect(chat.hook("stop")).to_have_count(0, timeout=SECONDS)
    expect(chat.answers().last).to_have_attribute("data-status", "read", timeout=SECONDS)
    texts = chat.answers().locator(".text").all_inner_texts()[1:]
    place = next(index for index, text in enumerate(texts) if INTERRUPTED in text)
    before, after = texts[:place], texts[place:]
    assert after[0].startswith(INTERRUPTED)
    assert "attempt 2" not in "".join(before)
    assert "attempt 1" not in "".join(after)
    for written in (numbers(before), numbers(after)):
        assert written == list(range(1, len(written) + 1))
    assert sum(map(len, after)) > 5000
    chat.questions().last.click()
    expect(chat.steps("worker").filter(has_text="SIGKILL")).to_be_visible()


@pytest.fixture
def joining(browser, tmp_path):
    """A chat whose gateway joins what is written in pieces."""
    demo = Demo(tmp_path, JOIN_BURSTS="true")
    context = browser.new_context(locale="en-GB")
    with demo.run():
        yield Chat(context.new_page(), demo.url)
    context.close()


def test_a_question_typed_in_pieces_is_answered_once(joining):
    chat = joining
    switch(chat, "thinker")
    chat.say("What do you think?")
    expect(chat.hook("typing")).to_be_visible()
    # While that is thought about: so they are pieces however slowly a busy machine types.
    pieces = ("by the way", "I wanted to ask", "what is a burst?")
    for piece in pieces:
        chat.say(piece)
    answer = chat.answers().nth(2)
    expect(answer).to_have_attribute("data-status", "read", timeout=SECONDS)
    expect(chat.hook("stop")).to_have_count(0)
    expect(chat.answers()).to_have_count(3)
    for piece in pieces:
        expect(answer.locator(".text")).to_contain_text(piece)
    chat.questions().nth(2).click()
    expect(chat.steps("turn").filter(has_text="more of the question may follow")).to_be_visible()
    for place in (3, 4):
        chat.questions().nth(place).click()
        expect(chat.hook("panel")).to_contain_text("Part of the question before it")


def test_whom_the_menu_of_list_is_tapped_for_answers_from_then_on(chat):
    chat.ask("/list")
    chat.page.locator(".offers").get_by_role("button", name="Choose").click()
    row = chat.hook("sheet").get_by_role("listitem").filter(has_text="Writer")
    row.get_by_role("button").click()
    expect(chat.answers()).to_have_count(2)
    expect(chat.answers().last).to_contain_text("Switched to assistant: Writer")
    expect(chat.ask("150")).to_contain_text("here are 150 characters")


def test_an_answer_is_rated_and_a_poor_one_is_commented_on(chat):
    expect(chat.ask("/rate 5")).to_contain_text("nothing to rate yet")
    chat.ask("Hello")
    expect(chat.ask("/rate 5")).to_contain_text("Thank you for the rating.")
    expect(chat.ask("/rate 1")).to_contain_text("What should have been better?")
    expect(chat.ask("It was too short")).to_contain_text("Thank you for the comment.")
    expect(chat.ask("/rate")).to_contain_text("a number from 1 (bad) to 5 (very good)")
    expect(chat.ask("Hello")).to_contain_text("guide of this gateway")
