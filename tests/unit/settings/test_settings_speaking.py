"""Who reads answers out: what is set, and what is wrong."""

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load
from lib.settings.speaking import SpeakingSettings


def test_nobody_speaks_unless_it_is_set():
    assert load({}).speaking == SpeakingSettings("", "", "tts-1", "alloy", 20000)


@pytest.mark.parametrize("ending", ["", "/", "/audio/speech"])
def test_the_url_may_be_given_with_its_path(ending):
    speaking = load({"SPEAK_URL": f"https://api.openai.com/v1{ending}"}).speaking
    assert speaking.url == "https://api.openai.com/v1"


def test_everything_can_be_set():
    speaking = load(
        {
            "SPEAK_URL": "http://127.0.0.1:8880/v1",
            "SPEAK_API_KEY": "k3y",
            "SPEAK_MODEL": "kokoro",
            "SPEAK_VOICE": "af_sky",
            "SPEAK_CHARACTERS_PER_DAY": "0",
        }
    ).speaking
    assert speaking == SpeakingSettings("http://127.0.0.1:8880/v1", "k3y", "kokoro", "af_sky", 0)
    assert "k3y" not in repr(speaking)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SPEAK_URL", "api.openai.com", "SPEAK_URL must be an absolute http or https URL"),
        ("SPEAK_URL", "https://ann:pw@example.org/v1", "SPEAK_URL must be without a name"),
        ("SPEAK_API_KEY", "k3y", "SPEAK_URL is needed where SPEAK_API_KEY is set"),
        ("SPEAK_CHARACTERS_PER_DAY", "-1", "SPEAK_CHARACTERS_PER_DAY must be a whole number"),
    ],
)
def test_what_is_wrong_is_told(name, value, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        load({name: value})
