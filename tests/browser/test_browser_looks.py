"""What the page looks like: the README's pictures, and that nothing sticks out of them."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Chat
from tests.processes import ROOT

# The page's own: `make test` talks to it in chats and answers.
pytestmark = pytest.mark.thorough

WIDE = {"width": 1280, "height": 800}
HIGH = {"width": 1280, "height": 1060}


@pytest.fixture
def shoot(request, tmp_path):
    folder = request.config.getoption("--screenshots") or tmp_path

    def save(chat: Chat, name: str) -> None:
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        chat.page.mouse.move(0, 0)
        chat.page.evaluate("document.activeElement.blur()")
        chat.page.evaluate("document.querySelector('.panel .scroll').scrollTop = 0")
        expect(chat.page.locator(".bubble.pending")).to_have_count(0)
        chat.page.screenshot(path=path)
        assert path.stat().st_size > 10_000
        root = "document.documentElement"
        assert chat.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")

    return save


def test_a_desk_in_daylight(new_chat, shoot):
    chat = new_chat(WIDE, "Ann")
    chat.ask("Hello")
    chat.ask("What can people send?")
    shoot(chat, "desk-light.png")


def test_a_crash_in_the_dark(new_chat, shoot):
    chat = new_chat(WIDE, "Ann", color_scheme="dark")
    chat.bench("kill-in-turn")
    chat.ask("/list", 30)
    expect(chat.steps("worker").last).to_be_visible()
    chat.bench("send-buttons")
    expect(chat.answers()).to_have_count(2)
    chat.questions().first.click()
    shoot(chat, "desk-dark.png")


def test_a_place_and_a_photo(new_chat, shoot):
    chat = new_chat(HIGH, "Jörg")
    chat.ask("/switch observer")
    chat.hook("attach").click()
    chat.page.get_by_role("menuitem", name="Location").click()
    chat.page.get_by_role("button", name="Send", exact=True).last.click()
    expect(chat.answers()).to_have_count(2)
    expect(chat.questions().last.get_by_role("img", name="Map of")).to_be_visible()
    chat.hook("file").set_input_files(ROOT / "simulator/page/static/picture.png")
    expect(chat.hook("tray").get_by_role("listitem")).to_have_count(1)
    chat.ask("What do you see?")
    shoot(chat, "desk-media.png")


def test_a_phone_s_width(new_chat, shoot):
    chat = new_chat(DESKTOP, "Ann")
    chat.ask("/switch formatting")
    chat.ask("tables")
    chat.ask("/switch default")
    chat.page.set_viewport_size(PHONE)
    shoot(chat, "phone.png")
