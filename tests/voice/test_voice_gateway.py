"""A voice note through a whole gateway that hears and speaks by itself, without a network."""

import importlib.util

import pytest

from lib.model import MessageKind
from lib.voice import offline
from tests.doubted import heard
from tests.local_gateway import local_gateway
from tests.voice.test_voice_engines import SAID, errors

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not importlib.util.find_spec("ctranslate2"),
        reason="no engines are installed here: `make test-voice` installs them",
    ),
]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gateway")
    with local_gateway(folder, media_url="http://127.0.0.1:9", menus=False) as ready:
        yield ready


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_voice_note_is_heard_answered_in_words_and_then_by_voice(table, language):
    note = offline.speaker().speak(SAID[language], language, 60).data
    before = len(table.resources())
    medium = table.medium("audio/mpeg", note)
    table.say("", kind=MessageKind.MEDIA, media=(medium,))
    text, *voice = table.resources()[before:]
    shown = text["body"].partition("\n")[0]
    # The synthesiser is a robot: what it says in German or French may be doubted.
    words, in_doubt = heard(shown)
    assert errors(SAID[language], words) <= 0.5, shown
    if not in_doubt:
        assert [int(one["num_media"]) for one in voice] == [1]
        assert voice[0]["body"] == ""
