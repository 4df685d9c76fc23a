"""Misspelt settings: which are told, and which are other people's variables."""

import logging

import pytest

from lib.runtime import wiring
from lib.settings.config import load


def misspelt(*names, **more):
    return load({**dict.fromkeys(names, "1"), **more}).misspelt


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TWILIO_ACOUNT_SID", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_AUTH_TOKNE", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_AUTHTOKEN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_WEB_HOOK_URL", "TWILIO_WEBHOOK_URL"),
        ("TWILIO_STATUS_CALLBACK_URI", "TWILIO_STATUS_CALLBACK_URL"),
        ("ASSISTANT_API_URLS", "ASSISTANT_API_URL"),
        ("ASSISTANTS_FILES", "ASSISTANTS_FILE"),
        ("WHATSAPP_DEBUGG", "WHATSAPP_DEBUG"),
        ("QUESTIONS_PER_DAYS", "QUESTIONS_PER_DAY"),
        ("KEEP_DAY", "KEEP_DAYS"),
    ],
)
def test_a_slip_is_told_with_the_setting_that_is_meant(written, meant):
    assert misspelt(written) == {written: meant}


@pytest.mark.parametrize(
    "name",
    [
        # Of Twilio's own command line and libraries.
        "TWILIO_API_KEY",
        "TWILIO_API_SECRET",
        "TWILIO_REGION",
        "TWILIO_PHONE_NUMBER",
        # Keys that an assistant of the catalogue may name.
        "ASSISTANT_MISTRAL_KEY",
        "ASSISTANT_HR_API_KEY",
        "ASSISTANT_API_KEY_2",
        "ASSISTANT_API_KEY2",
        # Of Google's libraries, and of Cloud Run.
        "GOOGLE_CLOUD_QUOTA_PROJECT",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "K_REVISION",
        "K_SERVICES",
        # Of nobody we know.
        "MY_TWILIO_AUTH_TOKEN",
        "PATH",
        "PORTS",
        "HOSTNAME",
    ],
)
def test_other_people_s_variables_are_left_alone(name):
    assert misspelt(name) == {}


def test_what_stands_beside_the_setting_it_resembles_is_there_on_purpose():
    assert misspelt("TWILIO_AUTH_TOKENS", TWILIO_AUTH_TOKEN="a") == {}
    assert misspelt("TWILIO_AUTH_TOKENS", TWILIO_AUTH_TOKEN="") == {
        "TWILIO_AUTH_TOKENS": "TWILIO_AUTH_TOKEN"
    }


def test_the_log_tells_of_it_once_and_the_start_goes_on(monkeypatch, tmp_path, capfd):
    (tmp_path / ".env").write_text("TWILIO_WEBHOK_URL=https://secret.example\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    wiring.forget()
    assert wiring.gateway() is wiring.gateway()
    logging.getLogger().handlers[0].flush()
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 1
    for part in ("WARNING", "unknown setting", "TWILIO_WEBHOK_URL", "TWILIO_WEBHOOK_URL"):
        assert part in lines[0]
    assert "secret" not in lines[0]
