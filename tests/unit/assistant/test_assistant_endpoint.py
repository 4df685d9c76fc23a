"""Where an assistant is asked, and which credentials go there."""

import pytest

from lib.assistant.endpoint import Endpoint, endpoint_of
from lib.assistant.vac import VacAssistant
from lib.errors import ConfigurationError
from lib.model import Assistant, Question
from lib.ports.listener import Silence

HOME = Endpoint("https://home.example/base", "bearer", "gateway-key")
SECRETS = {"ASSISTANT_OWN": "own-key"}


def place(home=HOME, **settings):
    return endpoint_of(Assistant("a", "A", settings=settings), home, SECRETS.__getitem__)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, HOME),
        ({"url": "https://home.example/other/"}, Endpoint("https://home.example/other", *"bk")),
        ({"api_key_env": "ASSISTANT_OWN"}, Endpoint(HOME.url, "bearer", "own-key")),
        (
            {"auth": "api_key", "api_key_env": "ASSISTANT_OWN", "url": "http://away:8000/v1"},
            Endpoint("http://away:8000/v1", "api_key", "own-key"),
        ),
        ({"url": "https://away.example"}, Endpoint("https://away.example", "none")),
    ],
)
def test_settings_of_an_assistant_go_before_the_gateway_s(settings, expected):
    if expected.key == "k":
        expected = Endpoint(expected.url, HOME.auth, HOME.key)
    assert place(**settings) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://home.example",
        "https://home.example:8443",
        "https://home.example.evil.example",
        "https://home.example@evil.example",
        "https://evil.example/https://home.example",
        "https://evil.example#@home.example",
        "https://home.example\\@evil.example",
    ],
)
def test_the_gateway_s_key_stays_at_its_own_host(url):
    assert place(url=url).key == ""
    with pytest.raises(ConfigurationError):
        place(url=url, auth="bearer")


@pytest.mark.parametrize("path", [".evil.example/vac", "@evil.example/vac", ":99/vac"])
def test_a_path_cannot_make_another_host(path):
    client = VacAssistant(HOME, secret=SECRETS.__getitem__)
    with pytest.raises(ConfigurationError, match="path"):
        client.ask(
            Assistant("a", "A", settings={"path": path}), Question("q", "e", "s", "t"), Silence()
        )


@pytest.mark.parametrize(
    "url",
    [
        "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/x/endpoints/openapi",
        "https://aiplatform.googleapis.com/v1",
    ],
)
def test_google_s_access_token_is_for_google(url):
    assert place(url=url, auth="google") == Endpoint(url, "google")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "http://aiplatform.googleapis.com",
        "https://googleapis.com.evil.example",
        "https://evilgoogleapis.com",
        "https://x.googleapis.com@evil.example",
    ],
)
def test_google_s_access_token_is_for_nobody_else(url):
    with pytest.raises(ConfigurationError, match="Google"):
        place(url=url, auth="google")


def test_a_key_is_never_shown():
    assert "gateway-key" not in repr(HOME)
