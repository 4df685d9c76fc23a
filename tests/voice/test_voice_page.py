"""A voice note spoken into the page, heard, answered, and answered aloud, all on one machine."""

import importlib.util
import io
import os
import shutil
import wave

import pytest
from playwright.sync_api import expect, sync_playwright

from lib.voice import offline
from tests.browser.conftest import DESKTOP, NAMES, Chat, Demo
from tests.doubted import heard
from tests.voice.test_voice_engines import SAID, errors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not importlib.util.find_spec("ctranslate2"),
        reason="no engines are installed here: `make test-voice` installs them",
    ),
]


@pytest.fixture(params=["en", "de", "fr"])
def language(request):
    return request.param


@pytest.fixture
def spoken(tmp_path, language):
    """A file of what somebody says, as a microphone gives it."""
    import soundfile  # noqa: PLC0415 - not installed everywhere

    sound, rate = soundfile.read(
        io.BytesIO(offline.speaker().speak(SAID[language], language, 60).data), dtype="int16"
    )
    path = tmp_path / "said.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path


@pytest.fixture
def chat(tmp_path, spoken):
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("chromium is not here")
    # Said once: what comes behind it is silence.
    microphone = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}%noloop",
    ]
    demo = Demo(tmp_path, ASSISTANT_API_TIMEOUT="30", PYTHONPATH=os.environ["PYTHONPATH"])
    with demo.run(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", *microphone]
        )
        context = browser.new_context(viewport=DESKTOP, locale="en-GB", permissions=["microphone"])
        yield Chat(context.new_page(), demo.url)
        browser.close()


def test_what_is_said_into_the_page_is_heard_and_answered_aloud(chat, language):
    chat.ask("/voice on")
    before = chat.answers().count()
    chat.hook("voice").click()
    expect(chat.hook("length")).to_have_text("0:06", timeout=30_000)
    chat.page.get_by_role("button", name="Stop and send").click()
    text, voice = chat.answers().nth(before), chat.answers().nth(before + 1)
    expect(text).to_be_visible(timeout=120_000)
    shown = text.inner_text().partition("\n")[0]
    # The synthesiser is a robot: what it says in German or French may be doubted.
    words, in_doubt = heard(shown)
    assert errors(SAID[language], words) <= 0.5, shown
    if not in_doubt:
        expect(voice.get_by_test_id("player")).to_be_visible(timeout=60_000)
        assert float(voice.get_by_test_id("player").get_attribute("data-seconds")) > 1
    assert chat.console == []
