"""Conversations on the page, in a real browser."""

import json
import re

from playwright.sync_api import expect

from simulator.assistants.writer import answer
from tests.browser.conftest import DESKTOP, PHONE
from tests.whatsapp_reader import read


def test_a_hello_is_answered_and_all_ticks_turn_blue(chat):
    answer = chat.ask("Hello")
    expect(answer).to_contain_text("guide of this gateway")
    expect(answer.get_by_test_id("ticks")).to_have_attribute("data-status", "read")
    expect(chat.questions()).to_have_attribute("data-status", "read")


def test_a_switch_changes_who_answers(chat):
    expect(chat.ask("/switch writer")).to_contain_text("Switched to assistant: Writer")
    expect(chat.ask("/current")).to_contain_text("Writer")
    expect(chat.ask("/switch default")).to_contain_text("Guide")


def test_an_answer_of_5000_characters_arrives_whole_and_in_order(chat):
    chat.ask("/switch writer")
    before = chat.answers().count()
    chat.say("5000 at 5000")
    last = chat.answers().filter(has_text="End.")
    expect(last).to_have_attribute("data-status", "read", timeout=20_000)
    texts = chat.answers().locator(".text").all_inner_texts()[before:]
    numbers = [int(one) for one in re.findall(r"This is sentence (\d+);", "\n".join(texts))]
    assert len(texts) > 3
    assert numbers == list(range(1, len(numbers) + 1))
    # The phone shows bold without its marks, and white space between parts as separate bubbles.
    assert "".join("".join(texts).split()) == "".join(answer("5000").replace("**", "").split())


def test_a_reply_quotes_what_it_answers(chat):
    chat.ask("Hello")
    chat.answers().first.focus()
    chat.page.keyboard.press("r")
    expect(chat.hook("replying")).to_contain_text("Hello!")
    chat.page.keyboard.type("How are signatures checked?")
    chat.page.keyboard.press("Enter")
    expect(chat.questions().last.locator(".quote")).to_contain_text("Hello!")
    expect(chat.hook("replying")).to_have_count(0)
    expect(chat.answers()).to_have_count(2)


def test_quick_replies_and_lists_can_be_tapped(chat):
    chat.bench("send-buttons")
    chat.page.locator(".offers").get_by_role("button", name="/current").click()
    expect(chat.answers()).to_have_count(2)
    expect(chat.answers().last).to_contain_text("Current assistant")
    chat.bench("send-list")
    chat.page.locator(".offers").get_by_role("button", name="Choose").click()
    chat.hook("sheet").get_by_text("Everybody").click()
    expect(chat.answers()).to_have_count(4)
    expect(chat.answers().last).to_contain_text("Available Assistants")


def test_what_a_command_offers_can_be_tapped(chat):
    chat.ask("/list")
    chat.page.locator(".offers").get_by_role("button", name="Choose").click()
    rows = chat.hook("sheet").get_by_role("listitem")
    expect(rows).to_have_count(7)
    expect(rows.nth(1)).to_have_text("Formattingformatting · Shows every kind of formatting.")
    rows.nth(1).get_by_role("button").click()
    expect(chat.hook("sheet")).to_have_count(0)
    expect(chat.questions().last.locator(".text")).to_have_text("Formatting")
    expect(chat.answers().last).to_contain_text("✅ Switched to assistant: Formatting (formatting)")
    chat.ask("/switch f")
    buttons = chat.page.locator(".offers").last.get_by_role("button")
    expect(buttons).to_have_text(["Failing", "Formatting"])
    buttons.first.click()
    expect(chat.questions().last.locator(".text")).to_have_text("Failing")
    expect(chat.answers().last).to_contain_text("✅ Switched to assistant: Failing (failing)")


def test_the_business_can_send_a_picture(chat):
    chat.bench("send-picture")
    picture = chat.answers().locator("img.picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 320


def test_commands_are_offered_and_taken_by_keyboard(chat):
    chat.hook("composer").press("/")
    expect(chat.page.get_by_role("listbox")).to_contain_text("/switch")
    chat.page.keyboard.press("ArrowDown")
    chat.page.keyboard.press("ArrowDown")
    chat.page.keyboard.press("Enter")
    expect(chat.hook("composer")).to_have_value("/current")
    chat.page.keyboard.press("Enter")
    expect(chat.answers()).to_contain_text("Guide")


def test_somebody_without_a_phone_number_is_answered(chat):
    chat.open("Sam")
    expect(chat.page.get_by_role("main")).to_contain_text("hides the number")
    expect(chat.ask("Hello")).to_contain_text("guide")


def test_a_new_contact_can_be_added(chat):
    chat.hook("add-contact").click()
    chat.page.get_by_label("Name").fill("Zoë")
    chat.page.get_by_role("button", name="Add", exact=True).click()
    expect(chat.page.get_by_role("main").get_by_role("heading")).to_have_text("Zoë")
    expect(chat.ask("Hello")).to_contain_text("guide")


def test_two_pages_see_the_same_chat(new_chat):
    one, other = new_chat(), new_chat()
    one.ask("Hello")
    expect(other.answers()).to_have_count(1)
    expect(other.questions()).to_have_text(re.compile("Hello"))


def test_another_chat_s_answer_is_counted_until_it_is_read(chat):
    chat.say("Hello")
    chat.open("Jörg")
    guest = chat.page.get_by_role("button", name=chat.name)
    expect(guest.locator(".count")).to_have_text("1")
    guest.click()
    expect(guest.locator(".count")).to_have_count(0)


def test_a_draft_stays_with_its_chat(chat):
    chat.hook("composer").fill("half a thou")
    chat.open("Jörg")
    expect(chat.hook("composer")).to_have_value("")
    chat.open(chat.name)
    expect(chat.hook("composer")).to_have_value("half a thou")


def test_the_panel_tells_the_story_of_the_chosen_message(chat):
    chat.ask("Hello")
    chat.ask("/help")
    chat.questions().first.click()
    panel = chat.hook("panel")
    expect(panel).to_contain_text("What happened to “Hello”")
    for actor in ("webhook", "queue", "turn", "assistant", "twilio", "status"):
        expect(chat.steps(actor).first).to_be_visible()
    chat.questions().last.click()
    expect(panel).to_contain_text("What happened to “/help”")
    expect(chat.steps("assistant")).to_have_count(0)


def test_on_a_phone_there_is_one_screen_at_a_time(new_chat):
    chat = new_chat(DESKTOP)
    chat.page.set_viewport_size(PHONE)
    chat.page.get_by_role("button", name="Back to the chats").click()
    chat.open("Jörg")
    expect(chat.page.get_by_role("navigation")).to_be_hidden()
    chat.ask("Hello")
    chat.hook("open-panel").click()
    expect(chat.hook("bench-twilio-429")).to_be_visible()
    chat.page.get_by_role("button", name="Back to the chat", exact=True).click()
    expect(chat.hook("panel")).to_be_hidden()
    chat.page.get_by_role("button", name="Back to the chats").click()
    expect(chat.hook("composer")).to_be_hidden()
    width = chat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_the_newest_message_stays_in_sight_where_the_screen_gets_smaller(chat):
    for _ in range(2):
        chat.ask("/help")
    chat.page.set_viewport_size({"width": 390, "height": 420})
    expect(chat.answers().last.get_by_test_id("ticks")).to_be_in_viewport()
    expect(chat.page.get_by_role("button", name="New messages")).to_have_count(0)


def test_the_bench_is_one_click_away(chat):
    chat.ask("Hello")
    chat.page.get_by_role("button", name="Break things").click()
    expect(chat.hook("bench-twilio-429")).to_be_in_viewport()
    expect(chat.hook("bench-twilio-429")).to_be_focused()


def test_light_and_dark_can_be_chosen_and_stay(chat):
    root = chat.page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    chat.hook("theme").click()
    expect(root).to_have_attribute("data-theme", "dark")
    chat.page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


def test_everything_is_reached_by_keyboard(chat):
    chat.ask("Hello")
    focused = "document.activeElement.dataset.testid || document.activeElement.ariaLabel"
    seen = set()
    chat.page.keyboard.press("Tab")
    people = chat.page.locator("[data-testid^=contact-]").count()
    for _ in range(60 + people):
        chat.page.keyboard.press("Tab")
        seen.add(chat.page.evaluate(focused))
    assert {"theme", "add-contact", "bubble", "attach", "composer", "errors", "disarm"} <= seen
    assert {"contact-+15551234567", "bench-twilio-429"} <= seen


CASES = [
    "*bold* _italic_ ~gone~ `code`",
    "*a _b_ c* ~*x*~ _*both*_",
    "2*3*4 snake_case_name __init__ * not bold*",
    "(*in brackets*), *end*. *no\npair*",
    "`*code*` ``two`` ```three``` *`x`*",
    "**double** _ _ ~~x~~ *",
    "*ümlaut* ü*nein*ü 日*本*語 👋*hi*👋",
]


def test_marks_are_read_as_a_phone_reads_them(chat):
    program = """async text => {
        const {blocks, runs} = await import("/static/formatting.js");
        return blocks(text).map(block => block.kind === "mono"
            ? [{text: block.text, styles: ["mono"]}] : runs(block.text));
    }"""
    for case in CASES:
        lines = chat.page.evaluate(program, case)
        shown = [
            (character, frozenset(one["styles"]))
            for line in lines
            for one in line
            for character in one["text"]
        ]
        expected = [(c, styles) for c, styles in read(case) if c != "\n"]
        assert shown == expected, json.dumps(lines)


def test_formatting_is_shown_and_links_are_links(chat):
    chat.ask("/switch formatting")
    emphasis = chat.ask("emphasis")
    expect(emphasis.locator(".bold").first).to_be_visible()
    expect(emphasis.locator(".italic").first).to_be_visible()
    links = chat.ask("links")
    expect(links.get_by_role("link").first).to_have_attribute("rel", "noopener noreferrer")
