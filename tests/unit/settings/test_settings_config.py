import re

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import Config, environment, load
from lib.settings.limits import LimitsSettings
from lib.settings.roles import require_loopback
from lib.settings.turn import TurnSettings
from lib.turn.deliver import LONGEST_SEND

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "s3cret-token",
    "TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886",
}


def test_nothing_set_gives_the_defaults():
    config = load({})
    assert config.port == 1956
    assert config.twilio.validate_signature
    assert config.assistant.path == "/vac/assistant/{assistant_id}"
    assert config.assistant.default_id == "default-assistant"


def test_the_number_is_understood_with_and_without_its_prefix():
    assert load(TWILIO).twilio.whatsapp_number == "+14155238886"
    assert load({"TWILIO_WHATSAPP_NUMBER": "+1 415 523 8886"}).twilio.whatsapp_number


def test_everything_wrong_is_named_at_once_and_no_value_repeated():
    wrong = {
        "PORT": "http",
        "ASSISTANT_API_URL": "example.com/private",
        "ASSISTANT_API_AUTH": "magic",
        "ASSISTANT_API_TIMEOUT": "-1",
        "ASSISTANT_API_PATH": "vac",
        "TWILIO_VALIDATE_SIGNATURE": "maybe",
        "TWILIO_WHATSAPP_NUMBER": "hello",
        "TWILIO_WEBHOOK_URL": "ftp://x",
    }
    with pytest.raises(ConfigurationError) as raised:
        load(wrong)
    text = str(raised.value)
    assert all(name in text for name in wrong)
    assert not any(value in text for value in ("magic", "private", "maybe"))


def test_a_key_is_missed_where_the_way_to_log_in_needs_one():
    with pytest.raises(ConfigurationError, match="ASSISTANT_API_KEY"):
        load({"ASSISTANT_API_AUTH": "bearer"})


def test_a_signed_url_is_kept_to_the_letter():
    url = "https://example.com/hook/?a=1#rc=2"
    assert load({"TWILIO_WEBHOOK_URL": url}).twilio.webhook_url == url


def test_secrets_never_show_in_a_printed_configuration():
    config = load({**TWILIO, "ASSISTANT_API_KEY": "k3y", "ASSISTANT_OTHER": "0ther"})
    assert not any(secret in repr(config) for secret in ("s3cret-token", "k3y", "0ther"))


def test_what_is_named_as_a_secret_shows_in_no_settings():
    shown = []
    for feature in filter(lambda one: isinstance(one, tuple), Config()):
        names = [name for name in feature._fields if re.search("key|token|secret", name)]
        filled = feature._replace(**dict.fromkeys(names, "s3cret"))
        assert "s3cret" not in repr(filled), type(feature).__name__
        shown += names
    assert {"auth_token", "auth_token_secondary", "shared_key", "api_key_secret"} <= {*shown}
    assert {"api_key", "secrets", "signing_key", "handover_key", "erasure_key"} <= {*shown}


def test_a_catalogue_reaches_only_the_secrets_meant_for_assistants():
    config = load({**TWILIO, "ASSISTANT_VERTEX_KEY": "k3y"})
    assert config.assistant.secret("ASSISTANT_VERTEX_KEY") == "k3y"
    for name in ("TWILIO_AUTH_TOKEN", "ASSISTANT_UNSET"):
        with pytest.raises(ConfigurationError, match=name):
            config.assistant.secret(name)


def test_unsigned_requests_are_refused_on_google_cloud():
    with pytest.raises(ConfigurationError, match="TWILIO_VALIDATE_SIGNATURE"):
        load({"TWILIO_VALIDATE_SIGNATURE": "false", "K_SERVICE": "webhook"})


@pytest.mark.parametrize(("host", "safe"), [("127.0.0.1", True), ("0.0.0.0", False), ("", False)])  # noqa: S104 - the case refused
def test_unsigned_requests_need_a_loopback_bind(host, safe):
    config = load({"HOST": host})
    if safe:
        require_loopback(config)
        return
    with pytest.raises(ConfigurationError, match="HOST"):
        require_loopback(config)


def test_an_env_file_fills_in_what_is_not_set(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("PORT=1\nDATA_DIR=from-file\n")
    monkeypatch.setenv("PORT", "2")
    found = environment(file)
    assert (found["PORT"], found["DATA_DIR"]) == ("2", "from-file")


def test_an_env_file_is_ignored_on_google_cloud(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("DATA_DIR=from-file\n")
    monkeypatch.setenv("K_SERVICE", "webhook")
    assert "DATA_DIR" not in environment(file)


def test_limits_and_times_are_read():
    config = load(
        {
            "TWILIO_KNOCK_CONTENT_SID": f"HX{1:032x}",
            "TWILIO_MESSAGES_PER_SECOND": "0.5",
            "TWILIO_RECIPIENT_SECONDS": "0",
            "TWILIO_RECIPIENT_BURST": "3",
            "MESSAGES_PER_MINUTE": "0",
            "QUESTIONS_PER_CONTACT": "10",
            "QUESTIONS_PER_DAY": "1000",
            "ALLOWED_CONTACTS": "+15550001111, whatsapp:+15550002222",
            "BLOCKED_CONTACTS": "US.1A2B3C",
            "TURN_LEASE_SECONDS": "90",
            "SEND_SETTLE_SECONDS": "8",
            "CHUNK_WAIT_SECONDS": "0",
        }
    )
    twilio = config.twilio
    assert twilio.reopening_content == f"HX{1:032x}"
    assert (twilio.per_second, twilio.recipient_seconds, twilio.recipient_burst) == (0.5, 0, 3)
    assert config.turn == TurnSettings(lease=90, settling=8, chunk_wait=0)
    assert config.limits == LimitsSettings(
        allowed=frozenset({"+15550001111", "+15550002222"}),
        blocked=frozenset({"US.1A2B3C"}),
        messages_per_minute=0,
        questions_per_contact=10,
        questions_per_day=1000,
    )


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({}, 60),
        ({"TWILIO_TYPING_INDICATOR": "true"}, 0),
        ({"TWILIO_TYPING_INDICATOR": "true", "PROGRESS_NOTE_SECONDS": "30"}, 30),
        ({"PROGRESS_NOTE_SECONDS": "0"}, 0),
    ],
)
def test_a_note_that_work_goes_on_is_for_those_who_see_nobody_typing(settings, seconds):
    assert load(settings).turn.progress_note == seconds


@pytest.mark.parametrize(
    ("url", "paced"),
    [
        ("", (80, 6)),
        ("https://api.example", (80, 6)),
        ("http://127.0.0.1.example", (80, 6)),
        ("http://127.0.0.1:4010", (0, 0)),
        ("http://[::1]:4010/", (0, 0)),
        ("http://localhost", (0, 0)),
    ],
)
def test_a_twilio_played_on_this_machine_needs_no_pace(url, paced):
    twilio = load({"TWILIO_API_BASE_URL": url}).twilio
    assert (twilio.per_second, twilio.recipient_seconds) == paced
    own = {"TWILIO_MESSAGES_PER_SECOND": "5", "TWILIO_RECIPIENT_SECONDS": "2"}
    twilio = load({"TWILIO_API_BASE_URL": url, **own}).twilio
    assert (twilio.per_second, twilio.recipient_seconds) == (5, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TURN_LEASE_SECONDS", "26"),
        ("TURN_LEASE_SECONDS", "soon"),
        ("SEND_SETTLE_SECONDS", "0"),
        ("CHUNK_WAIT_SECONDS", "-1"),
        ("PROGRESS_NOTE_SECONDS", "-1"),
        ("PROGRESS_NOTE_SECONDS", "601"),
        ("TWILIO_RECIPIENT_BURST", "0"),
        ("MESSAGES_PER_MINUTE", "1.5"),
        ("BLOCKED_CONTACTS", "somebody"),
    ],
)
def test_a_limit_that_makes_no_sense_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        load({name: value})


@pytest.mark.parametrize(
    "name",
    [
        "PUBSUB_ENDPOINT",
        "PUBSUB_EMULATOR_HOST",
        "FIRESTORE_EMULATOR_HOST",
        "GCE_METADATA_HOST",
    ],
)
@pytest.mark.parametrize("value", ["https://pubsub.example", "a.example/v1", "a@b.example", "a:x"])
def test_a_host_is_a_host_and_nothing_more(name, value):
    with pytest.raises(ConfigurationError, match=name):
        load({name: value})


def test_hosts_may_have_ports_and_those_of_google_are_known():
    emulators = {"PUBSUB_EMULATOR_HOST": "[::1]:8085", "FIRESTORE_EMULATOR_HOST": "a.example:1"}
    google = load(emulators).google
    assert google.pubsub_emulator == "[::1]:8085"
    assert google.firestore_emulator == "a.example:1"
    assert google.pubsub_endpoint == "pubsub.googleapis.com"
    assert google.metadata_host == "metadata.google.internal"


def test_a_lease_is_longer_than_the_time_that_a_send_needs():
    shortest = LONGEST_SEND.total_seconds() + TurnSettings().settling + TurnSettings().chunk_wait
    assert load({"TURN_LEASE_SECONDS": str(shortest)}).turn.lease == shortest
    with pytest.raises(ConfigurationError):
        load({"TURN_LEASE_SECONDS": str(shortest - 0.1)})
