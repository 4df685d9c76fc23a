"""Which API is spoken: told, guessed where it is clear, and never in contradiction."""

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load

URL, MODEL, PATH = "ASSISTANT_API_URL", "ASSISTANT_MODEL", "ASSISTANT_API_PATH"
BACKEND, KEY, AUTH = "ASSISTANT_BACKEND", "ASSISTANT_API_KEY", "ASSISTANT_API_AUTH"


@pytest.mark.parametrize(
    ("settings", "backend", "reason"),
    [
        ({}, "vac", "nothing"),
        ({URL: "https://assistant.example"}, "vac", "nothing"),
        ({URL: "https://assistant.example/vac"}, "vac", "nothing"),
        ({URL: "https://v1.example"}, "vac", "nothing"),
        ({URL: "https://a.example/v1", PATH: "/ask/{assistant_id}"}, "vac", PATH),
        ({URL: "https://a.example/v1", BACKEND: "vac"}, "vac", BACKEND),
        ({URL: "http://localhost:11434/v1"}, "openai", "/v1"),
        ({URL: "http://localhost:11434/v1/", MODEL: "llama3.2"}, "openai", MODEL),
        ({URL: "https://api.groq.com/openai/v1"}, "openai", "/v1"),
        ({URL: "https://generativelanguage.googleapis.com/v1beta/openai"}, "openai", "/openai"),
        ({URL: "https://x-aiplatform.googleapis.com/v1/p/endpoints/openapi"}, "openai", "/openapi"),
        ({URL: "https://open.bigmodel.cn/api/paas/v4"}, "openai", "/v4"),
        ({URL: "https://a.example/v1/chat/completions"}, "openai", "/chat/completions"),
        ({URL: "https://a.example/api", MODEL: "m"}, "openai", MODEL),
        ({URL: "https://a.example/api", BACKEND: "OpenAI", MODEL: "m"}, "openai", BACKEND),
        ({URL: "https://a.example/v1", BACKEND: "auto"}, "openai", "/v1"),
        ({MODEL: "m"}, "openai", MODEL),
    ],
)
def test_the_backend_is_told_or_guessed_where_it_is_clear(settings, backend, reason):
    assistant = load(settings).assistant
    assert assistant.backend == backend
    assert reason in assistant.backend_reason


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({BACKEND: "magic"}, [BACKEND]),
        ({BACKEND: "vac", MODEL: "m"}, [MODEL, BACKEND]),
        ({BACKEND: "openai", PATH: "/x"}, [PATH, BACKEND]),
        ({BACKEND: "vac", URL: "https://a.example/v1/chat/completions"}, [URL, BACKEND]),
        ({MODEL: "m", PATH: "/x"}, [PATH, MODEL]),
        ({URL: "https://a.example/chat/completions", PATH: "/x"}, [PATH, URL]),
        ({AUTH: "google", URL: "https://a.example/v1"}, [AUTH]),
    ],
)
def test_settings_that_contradict_each_other_are_named(settings, named):
    with pytest.raises(ConfigurationError) as raised:
        load(settings)
    assert all(name in str(raised.value) for name in named)


def test_the_whole_address_is_taken_as_well_as_its_base():
    base = load({URL: "https://a.example/v1"}).assistant.url
    for written in ("https://a.example/v1/", "https://a.example/v1/chat/completions/"):
        assert load({URL: written}).assistant.url == base == "https://a.example/v1"


@pytest.mark.parametrize(
    ("settings", "auth"),
    [
        ({MODEL: "m", KEY: "k"}, "bearer"),
        ({MODEL: "m"}, "none"),
        ({MODEL: "m", KEY: "k", AUTH: "none"}, "none"),
        ({MODEL: "m", KEY: "k", AUTH: "api_key"}, "api_key"),
        ({KEY: "k"}, "none"),
        ({URL: "https://x.googleapis.com/v1/endpoints/openapi", AUTH: "google"}, "google"),
    ],
)
def test_a_key_is_sent_as_all_openai_compatible_servers_want_it(settings, auth):
    assert load({URL: "https://a.example", **settings}).assistant.auth == auth


def test_a_broken_url_is_a_complaint_and_no_crash():
    with pytest.raises(ConfigurationError, match=URL):
        load({URL: "http://[::1/v1"})
