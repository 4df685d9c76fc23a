"""Which function gets which setting: nothing forgotten, nothing to whom it is not for."""

import re
import subprocess

import pytest

from deployment import settings
from deployment.indexes import fields_of, is_exempt, is_listed, wanted
from deployment.likeness import has
from lib.settings import roles
from lib.settings.config import read
from lib.settings.reader import Settings
from tests.google.project import SETTINGS
from tests.processes import ROOT

# Only one machine has these, or the platform sets them itself, or they are for tests.
NOT_DEPLOYED = {
    "ASSISTANTS_FILE",
    "DATA_DIR",
    "DEMO_ASSISTANTS",
    "GCE_METADATA_HOST",
    "HOST",
    "K_SERVICE",
    "PORT",
    "FIRESTORE_EMULATOR_HOST",
    "PUBSUB_EMULATOR_HOST",
    "STORAGE_EMULATOR_HOST",
    "TWILIO_VALIDATE_SIGNATURE",
    "WHISPER_MODEL_DIR",
}


def names():
    """Every setting that is read."""
    settings = Settings({})
    read(settings)
    return settings.names


def test_an_env_file_is_read_as_an_editor_leaves_it(tmp_path):
    file = tmp_path / "gateway.env"
    file.write_bytes(b"\xef\xbb\xbfTWILIO_ACCOUNT_SID=first\r\nALERT_EMAIL=second\r\n")
    script = (
        f'. deployment/settings.sh; read_env_file {file}; echo "$TWILIO_ACCOUNT_SID $ALERT_EMAIL"'
    )
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == b"first second\n"


def test_every_setting_stands_in_the_readme():
    table = (ROOT / "README.md").read_text().partition("## Settings")[2]
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", table))
    # The platform sets these.
    assert names() - {"K_SERVICE", "GCE_METADATA_HOST"} <= named


def test_every_setting_of_the_gateway_reaches_a_function():
    known = names()
    assert len(known) > 35
    plain = {name for names in settings.ENVIRONMENT.values() for name in names}
    plain |= set(settings.environment("tick", dict.fromkeys(known, "x")))
    secret = {name for names in settings.SECRETS.values() for name in names}
    assert plain | secret == known - NOT_DEPLOYED
    assert not plain & secret


def test_the_shell_takes_every_setting_from_an_env_file():
    shell = (ROOT / "deployment/settings.sh").read_text()
    (pattern,) = re.findall(r"^readonly SETTABLE='(.*)'$", shell, re.MULTILINE)
    names = {name for names in settings.ENVIRONMENT.values() for name in names}
    names |= {name for names in settings.SECRETS.values() for name in names}
    names |= {"GOOGLE_CLOUD_PROJECT", "WHATSAPP_DEBUG", "VAC_DEBUG", "WEBHOOK_MIN_INSTANCES"}
    assert [name for name in sorted(names) if not re.search(pattern, name)] == []
    assert not [
        name for name in ("PATH", "IFS", "WORK", "ROOT", "HOME") if re.search(pattern, name)
    ]


def test_the_health_check_says_that_there_is_a_token_and_does_not_have_it():
    told = settings.environment("health", {**SETTINGS, "THREADS": "1"})
    assert told["TWILIO_AUTH_TOKEN"] == settings.IN_SECRET_MANAGER
    assert not [name for name, value in told.items() if value == SETTINGS["TWILIO_AUTH_TOKEN"]]


def test_an_assistant_s_own_key_is_the_responder_s_secret():
    assert settings.readers("ASSISTANT_MISTRAL_KEY") == ["responder"]
    assert settings.readers("ASSISTANT_API_URL") == []
    assert settings.readers("PATH") == []


def test_an_openai_compatible_assistant_is_the_responder_s_alone():
    model = {"ASSISTANT_BACKEND": "openai", "ASSISTANT_MODEL": "demo-1"}
    told = {**SETTINGS, **model, "ASSISTANT_API_URL": "https://models.example/v1"}
    assert settings.environment("responder", told).items() >= model.items()
    for function in ("webhook", "status", "tick", "health"):
        assert not model.keys() & settings.environment(function, told).keys()
    assert not any(settings.readers(name) for name in model)
    assert list(settings.complaints(told, ["ASSISTANT_API_KEY"])) == []
    (complaint,) = settings.complaints({**told, "ASSISTANT_BACKEND": "vac"}, [])
    assert "ASSISTANT_MODEL is for openai, but ASSISTANT_BACKEND is vac" in complaint


def test_what_a_function_needs_reaches_it_and_is_asked_for():
    everything = dict.fromkeys((*SETTINGS, *names()), "x")
    asked = " ".join(settings.complaints({}, []))
    for function in settings.FUNCTIONS:
        reached = set(settings.environment(function, everything))
        reached |= set(settings.secrets(function, everything))
        for name in roles.names(function):
            assert name in reached
            assert name == "GOOGLE_CLOUD_PROJECT" or f"{name} is not set." in asked


def test_a_misspelt_setting_is_told_and_forbids_nothing():
    told = {**SETTINGS, "TWILIO_WEBHOK_URL": "https://gate.example", "TWILIO_REGION": "ie1"}
    (warning,) = settings.misspelt(told)
    assert warning.startswith("TWILIO_WEBHOK_URL is no setting")
    assert "TWILIO_WEBHOOK_URL" in warning
    assert list(settings.complaints(told, [])) == []


def test_a_whole_set_of_settings_has_no_complaints():
    assert list(settings.complaints(SETTINGS, [])) == []
    without = {name: value for name, value in SETTINGS.items() if name != "TWILIO_AUTH_TOKEN"}
    assert list(settings.complaints(without, ["TWILIO_AUTH_TOKEN"])) == []
    (complaint,) = settings.complaints(without, [])
    assert "TWILIO_AUTH_TOKEN is not set" in complaint


@pytest.mark.parametrize(
    ("actual", "wish", "same"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": {}}, True),
        ({}, {"a": False}, True),
        ({}, {"a": "x"}, False),
        ({"a": "600"}, {"a": 600}, True),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, True),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": None}, {"a": {"b": 1}}, False),
        ({"a": True}, {"a": True}, True),
    ],
)
def test_likeness_asks_for_what_is_wanted_only(actual, wish, same):
    assert has(actual, wish) is same


COMPOSITE = {
    "collectionGroup": "outbox",
    "queryScope": "COLLECTION",
    "fields": [
        {"fieldPath": "status", "order": "ASCENDING"},
        {"fieldPath": "due_at", "order": "DESCENDING"},
    ],
}


def test_indexes_are_read_from_firebase_s_file():
    override = {"collectionGroup": "turns", "fieldPath": "expire_at", "ttl": True, "indexes": []}
    assert list(wanted({"indexes": [COMPOSITE], "fieldOverrides": [override]})) == [
        ("composite", "outbox", "status:ascending due_at:descending"),
        ("ttl", "turns", "expire_at"),
        ("exemption", "turns", "expire_at"),
    ]


def test_an_index_that_is_there_is_known_again():
    path = "projects/p/databases/(default)/collectionGroups/outbox/indexes/1"
    listed = {**COMPOSITE, "name": path}
    listed["fields"] = [*COMPOSITE["fields"], {"fieldPath": "__name__", "order": "DESCENDING"}]
    assert is_listed("outbox", fields_of(COMPOSITE), [listed])
    assert not is_listed("outbox", "status:ascending", [listed])
    assert not is_listed("other", fields_of(COMPOSITE), [listed])


@pytest.mark.parametrize(
    ("field", "exempt"),
    [
        ({}, False),
        ({"indexConfig": {"usesAncestorConfig": True, "indexes": [{}]}}, False),
        ({"indexConfig": {"indexes": [{"state": "READY"}]}}, False),
        ({"indexConfig": {}}, True),
    ],
)
def test_a_field_without_an_index_is_known_again(field, exempt):
    assert is_exempt(field) is exempt


@pytest.mark.parametrize("name", ["ASSISTANT_API_URL", "TWILIO_API_BASE_URL", "TRANSCRIBE_URL"])
def test_what_only_this_machine_reaches_is_complained_about(name):
    told = [*settings.complaints({**SETTINGS, name: "http://127.0.0.1:9/v1"}, ())]
    assert f"{name} is on this machine, where Google Cloud cannot reach it." in told
