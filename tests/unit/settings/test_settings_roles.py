"""What each role needs, and what is said where it is not set."""

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load
from lib.settings.roles import missing, require

ACCOUNT = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32}
TOKEN = {"TWILIO_AUTH_TOKEN": "a-token"}
NUMBER = {"TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886"}
PROJECT = {"GOOGLE_CLOUD_PROJECT": "a-project"}
ASSISTANT = {"ASSISTANT_API_URL": "https://assistant.example"}


@pytest.mark.parametrize(
    ("role", "needed"),
    [
        ("webhook", {**ACCOUNT, **TOKEN, **PROJECT}),
        ("status", {**ACCOUNT, **TOKEN, **PROJECT}),
        ("tick", PROJECT),
        ("responder", {**ACCOUNT, **TOKEN, **NUMBER, **PROJECT, **ASSISTANT}),
        ("health", {**ACCOUNT, **TOKEN, **NUMBER, **PROJECT}),
        ("standalone", {**ACCOUNT, **TOKEN, **NUMBER}),
        ("assistants", PROJECT),
    ],
)
def test_a_role_lacks_what_it_needs_until_all_of_it_is_set(role, needed):
    assert missing(role, load({})) == tuple(needed)
    for name in needed:
        others = {one: value for one, value in needed.items() if one != name}
        assert missing(role, load(others)) == (name,)
    assert missing(role, load(needed)) == ()


@pytest.mark.parametrize("role", ["webhook", "status", "tick", "responder"])
def test_a_gateway_on_one_machine_needs_no_project(role):
    assert "GOOGLE_CLOUD_PROJECT" in missing(role, load({}))
    assert "GOOGLE_CLOUD_PROJECT" not in missing(role, load({}), local=True)


@pytest.mark.parametrize("role", ["webhook", "status"])
def test_requests_can_be_checked_by_a_shared_key_alone_but_nothing_sent(role):
    config = load({**ACCOUNT, **NUMBER, **PROJECT, "TWILIO_WEBHOOK_SHARED_KEY": "a-key"})
    assert missing(role, config) == ()
    assert missing("responder", config) == ("TWILIO_AUTH_TOKEN", "ASSISTANT_API_URL")


@pytest.mark.parametrize("role", ["webhook", "status"])
def test_where_nothing_is_signed_nothing_is_needed_to_check_it_with(role):
    assert missing(role, load({**PROJECT, "TWILIO_VALIDATE_SIGNATURE": "false"})) == ()


def test_everything_that_is_missing_is_named_at_once():
    with pytest.raises(ConfigurationError) as raised:
        require("responder", load({**TOKEN, **PROJECT}))
    assert str(raised.value) == (
        "not set: TWILIO_ACCOUNT_SID, TWILIO_WHATSAPP_NUMBER, ASSISTANT_API_URL"
    )
    require("tick", load(PROJECT))
