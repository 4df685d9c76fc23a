"""Every text on the page stands out from what is behind it, in daylight and in the dark.

WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1. Disabled controls are exempt.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

# The page's own: `make test` talks to it in chats and answers.
pytestmark = pytest.mark.thorough

# Colours as the browser computed them: what is half transparent is laid over what is behind it.
TEXTS = """
() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top, below) => below.map((c, i) => top.rgb[i] * top.a + c * (1 - top.a));
  const behind = (el) => {
    const layers = [];
    for (let one = el; one; one = one.parentElement)
      layers.push(parse(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const found = [];
  const note = (el, text, style) => {
    const ground = behind(el);
    const name = el.className || el.parentElement.className || el.localName;
    found.push({ name, text: text.trim().slice(0, 30),
      contrast: contrast(over(parse(style.color), ground), ground) });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (node.data.trim() && el.checkVisibility() && !el.closest("script, :disabled"))
      note(el, node.data, getComputedStyle(el));
  }
  for (const el of document.querySelectorAll("[placeholder]"))
    if (el.checkVisibility()) note(el, el.placeholder, getComputedStyle(el, "::placeholder"));
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_a_contrast_of_four_and_a_half(new_chat, scheme):
    chat = new_chat(DESKTOP, color_scheme=scheme)
    quote_an_answer(chat)
    chat.ask("/switch formatting")
    chat.ask("everything")
    lose_an_answer(chat)
    chat.bench("send-buttons")
    expect(chat.page.locator(".offers button").first).to_be_visible()
    chat.questions().last.click()
    texts = chat.page.evaluate(TEXTS)
    seen = {name for one in texts for name in one["name"].split()}
    assert {"meta", "day", "when", "last", "quote", "error", "hint", "what", "at", "actor"} <= seen
    assert [one for one in texts if one["contrast"] < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_that_is_open_has_it_too(new_chat, scheme):
    chat = new_chat(PHONE, name="", color_scheme=scheme)
    chat.ask("/list")
    chat.page.locator(".offers").get_by_role("button", name="Choose").click()
    expect(chat.hook("sheet")).to_be_visible()
    texts = chat.page.evaluate(TEXTS)
    assert "Writer" in {one["text"] for one in texts}
    assert [one for one in texts if one["contrast"] < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_media_have_it_in_bubbles_before_they_are_sent_and_while_they_are_recorded(
    new_chat, scheme
):
    chat = new_chat(DESKTOP, color_scheme=scheme, permissions=["microphone"])
    seen = measured(chat)
    for name, kind in (("a.txt", "text/plain"), ("song.mp3", "audio/mpeg")):
        chat.hook("file").set_input_files({"name": name, "mimeType": kind, "buffer": b"words"})
    expect(chat.hook("tray").get_by_role("listitem")).to_have_count(2)
    seen |= measured(chat)
    chat.hook("send").click()
    expect(chat.hook("tray")).to_have_count(0)
    for what in ("Location", "Contact"):
        chat.hook("attach").click()
        seen |= measured(chat)
        chat.page.get_by_role("menuitem", name=what).click()
        seen |= measured(chat)
        chat.page.get_by_role("button", name="Send", exact=True).last.click()
    expect(chat.questions()).to_have_count(4)
    chat.hook("voice").click()
    expect(chat.hook("length")).to_be_visible()
    seen |= measured(chat)
    assert {"sheet-icon", "below", "about", "presets", "recorder"} <= seen


def measured(chat):
    """Every text has it; return the names of what they stand in."""
    texts = chat.page.evaluate(TEXTS)
    assert [one for one in texts if one["contrast"] < 4.5] == []
    return {name for one in texts for name in one["name"].split()}


def quote_an_answer(chat):
    answer = chat.ask("Hello")
    answer.hover()
    answer.get_by_role("button").first.click()
    expect(chat.hook("replying")).to_be_visible()
    chat.ask("/current")


def lose_an_answer(chat):
    chat.hook("errors").select_option("63021")
    chat.page.get_by_role("button", name="At the next message").click()
    chat.say("/help")
    expect(chat.page.locator(".bubble .error").first).to_be_visible(timeout=20_000)
