"""Who writes recordings down: nobody, until somebody is named."""

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load


def test_nobody_hears_where_nothing_is_set():
    settings = load({}).transcribing
    assert (settings.url, settings.model, settings.most_seconds) == ("", "whisper-1", 300)
    assert settings.show


@pytest.mark.parametrize("ending", ["", "/", "/audio/transcriptions"])
def test_a_server_may_be_named_with_the_path_that_is_asked(ending):
    environ = {"TRANSCRIBE_URL": f"https://api.openai.com/v1{ending}"}
    assert load(environ).transcribing.url == "https://api.openai.com/v1"


def test_what_is_set_is_read_and_the_key_is_never_shown():
    environ = {
        "TRANSCRIBE_URL": "http://whisper:8000/v1",
        "TRANSCRIBE_API_KEY": "k3y-of-ours",
        "TRANSCRIBE_MODEL": "Systran/faster-whisper-small",
        "TRANSCRIBE_MAX_SECONDS": "60",
        "TRANSCRIBE_SHOW": "no",
    }
    settings = load(environ).transcribing
    assert (settings.api_key, settings.most_seconds, settings.show) == ("k3y-of-ours", 60, False)
    assert settings.model == "Systran/faster-whisper-small"
    assert "k3y" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRANSCRIBE_URL", "api.openai.com/v1"),
        ("TRANSCRIBE_URL", "https://api.openai.com/v1?key=1"),
        ("TRANSCRIBE_API_KEY", "your-key"),
        ("TRANSCRIBE_MAX_SECONDS", "0"),
        ("TRANSCRIBE_MAX_SECONDS", "1201"),
        ("TRANSCRIBE_SHOW", "perhaps"),
    ],
)
def test_what_is_wrong_is_named(name, value):
    with pytest.raises(ConfigurationError, match=f"^{name} "):
        load({name: value})
