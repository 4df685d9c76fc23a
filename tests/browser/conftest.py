"""The whole demo in a process, and Debian's chromium to look at it."""

import os
import shutil
from itertools import count
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect, sync_playwright

from tests.processes import ROOT, free_port, python, running

# The first has no windows to draw, which saves two thirds of the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 800}
_NUMBERS = count(1)


class Demo:
    """`python -m standalone` with a port and a folder of its own, and few other settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self.settings = folder, free_port(), settings
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"

    def run(self):
        environ = {
            "PORT": str(self.port),
            "DATA_DIR": str(self.folder / "data"),
            "ASSISTANTS_FILE": str(ROOT / "simulator/assistants/demo.yaml"),
            "ASSISTANT_API_TIMEOUT": "8",
            "JOIN_BURSTS": "false",
            **self.settings,
        }
        return running(
            python("-m", "standalone"), f"{self.url}/whatsapp/health", environ, ROOT, self.log
        )

    def clean(self) -> None:
        """Clear all chats, and let nothing wait to be broken."""
        for path in ("bench", "messages"):
            requests.delete(f"{self.url}/simulator/{path}", timeout=5).raise_for_status()

    def newcomer(self) -> str:
        """Add a person nobody has talked to."""
        name = f"Guest {next(_NUMBERS)}"
        answer = requests.post(f"{self.url}/simulator/contacts", json={"name": name}, timeout=5)
        assert answer.status_code == 201, answer.text
        return name


class Chat:
    """The page as a person uses it."""

    def __init__(self, page: Page, url: str, name: str = "Ann") -> None:
        self.page, self.url, self.name = page, url, name
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.goto(url)
        self.open(name)
        expect(self.hook("composer")).to_be_visible()

    def hook(self, name: str):
        return self.page.get_by_test_id(name)

    def say(self, text: str) -> None:
        self.hook("composer").fill(text)
        self.hook("send").click()

    def press(self, button) -> None:
        """Press a button of the bench, and wait until the server has taken it."""
        with self.page.expect_response(lambda answer: answer.request.method != "GET"):
            button.click()

    def bench(self, name: str) -> None:
        self.press(self.hook(f"bench-{name}"))

    def open(self, name: str) -> None:
        self.page.get_by_role("navigation").get_by_text(name, exact=True).click()

    def answers(self):
        return self.page.locator("[data-testid=bubble][data-direction=out]")

    def questions(self):
        return self.page.locator("[data-testid=bubble][data-direction=in]")

    def steps(self, actor: str):
        return self.page.locator(f"[data-testid=step][data-actor={actor}]")

    def ask(self, text: str, seconds: float = 20):
        """Say something and return the one bubble that answers it, once it has arrived."""
        before = self.answers().count()
        self.say(text)
        expect(self.answers()).to_have_count(before + 1, timeout=seconds * 1000)
        answer = self.answers().nth(before)
        expect(answer).to_have_attribute("data-status", "read", timeout=seconds * 1000)
        return answer


def pytest_addoption(parser):
    parser.addoption("--screenshots", default="", help="a folder for the README's pictures")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    ready = Demo(tmp_path_factory.mktemp("demo"))
    with ready.run():
        yield ready


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = "chromium is not here: `apt install chromium`, and the page is tested, too"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        media = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        arguments = ["--no-sandbox", *media]
        running_browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running_browser
        running_browser.close()


@pytest.fixture
def new_chat(browser, demo):
    """Make pages; at the end none of them may have complained."""
    demo.clean()
    contexts, chats = [], []

    def make(viewport=DESKTOP, name="", **options) -> Chat:
        name = name or (chats[0].name if chats else demo.newcomer())
        context = browser.new_context(viewport=viewport, locale="en-GB", **options)
        contexts.append(context)
        chats.append(Chat(context.new_page(), demo.url, name))
        return chats[-1]

    yield make
    for context in contexts:
        context.close()
    assert [chat.console for chat in chats] == [[] for _ in chats]


@pytest.fixture
def chat(new_chat):
    return new_chat()
