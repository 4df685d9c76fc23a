"""Where media are served, by what is set; and why they are not."""

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load
from lib.settings.media_urls import media_urls

HOOK_URL = "https://gate.example/whatsapp/webhook"
HOOK = {"TWILIO_WEBHOOK_URL": HOOK_URL}
STATUS = {"TWILIO_STATUS_CALLBACK_URL": "https://gate.example/a/whatsapp/status#rc=2"}
PLAYED = {"TWILIO_API_BASE_URL": "http://127.0.0.1:9"}
LOOPBACK = {"TWILIO_STATUS_CALLBACK_URL": "http://127.0.0.1:1956/whatsapp/status"}
NONE = "no public address: set TWILIO_WEBHOOK_URL, or MEDIA_PUBLIC_URL"
UNREACHED = "Twilio cannot reach this machine: MEDIA_PUBLIC_URL names its tunnel"


@pytest.mark.parametrize(
    ("told", "base", "off"),
    [
        ({}, "", NONE),
        (HOOK, "https://gate.example", ""),
        (STATUS, "https://gate.example/a", ""),
        ({**HOOK, "MEDIA_PUBLIC_URL": "https://media.example/b/"}, "https://media.example/b", ""),
        ({"TWILIO_WEBHOOK_URL": "https://gate.example/hook"}, "", NONE),
        ({"TWILIO_WEBHOOK_URL": f"{HOOK_URL}/?a=1#rc=3"}, "https://gate.example", ""),
        (LOOPBACK, "", UNREACHED),
        ({**LOOPBACK, **PLAYED}, "http://127.0.0.1:1956", ""),
    ],
)
def test_one_machine_serves_where_twilio_reaches_it(told, base, off):
    assert media_urls(load(told), local=True) == (base, off)


CLOUD = {
    "MEDIA_BUCKET": "demo-media",
    "MEDIA_PUBLIC_URL": "https://media.example",
    "MEDIA_SIGNING_KEY": "k" * 43,
}


def test_google_cloud_serves_from_a_bucket_and_names_what_is_missing():
    assert media_urls(load(CLOUD), local=False) == ("https://media.example", "")
    assert media_urls(load({}), local=False).off == (
        "not set: MEDIA_BUCKET, MEDIA_PUBLIC_URL, MEDIA_SIGNING_KEY"
    )
    for name in CLOUD:
        told = {key: value for key, value in CLOUD.items() if key != name}
        assert media_urls(load(told), local=False) == ("", f"not set: {name}")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MEDIA_PUBLIC_URL", "http://media.example", "must begin with https://"),
        ("MEDIA_PUBLIC_URL", "media.example", "must be an absolute"),
        ("MEDIA_SIGNING_KEY", "short", "must have 16 characters at least"),
        ("MEDIA_SIGNING_KEY", "a key with blanks in it", "without blanks"),
        ("MEDIA_BUCKET", "gs://demo/media", "a name without blanks and slashes"),
        ("MEDIA_DELETE_AT_TWILIO", "maybe", "must be true or false"),
    ],
)
def test_what_cannot_be_is_refused_and_not_repeated(name, value, words):
    with pytest.raises(ConfigurationError) as raised:
        load({name: value})
    assert str(raised.value).startswith(f"{name} ")
    assert words in str(raised.value)
    assert value not in str(raised.value)


def test_the_key_never_shows():
    assert "k" * 43 not in repr(load(CLOUD))
