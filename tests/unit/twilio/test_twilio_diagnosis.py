"""Wrong signatures: what is logged of them, and how often."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import SignatureError
from lib.inbound.receive import verified_form
from lib.twilio.diagnosis import shown
from lib.twilio.request import read_form
from lib.twilio.signature import Verifier, WrongSignatureError
from tests.cpu import cpu
from tests.sample import posted, sign

TOKEN, ACCOUNT = "primary-token", "AC" + "1" * 32
URL = "https://gate.example/whatsapp/webhook"
FORM = {"MessageSid": f"SM{1:032x}", "AccountSid": ACCOUNT, "From": "whatsapp:+15550001111"}
FORM["Body"] = "a secret question"


def lock(public_url=URL, **more):
    return Verifier(ACCOUNT, (TOKEN,), "", public_url, **more)


def told(signed_url, verifier=None, form=FORM, token=TOKEN, **fields):
    """What is told of a request that was signed for another URL."""
    verifier = verifier or lock()
    request = posted(form, sign(token, signed_url, form), **{"host": "127.0.0.1:1956", **fields})
    with pytest.raises(WrongSignatureError):
        verifier.check(request, read_form(request))
    facts = verifier.explanation(request, read_form(request))
    everything = " ".join(facts.values())
    assert not [one for one in (TOKEN, token, "hush", "secret", "+1555") if one in everything]
    return facts


@pytest.mark.parametrize(
    ("signed", "differs"),
    [
        ("http://gate.example/whatsapp/webhook", "scheme"),
        ("https://gate.example/whatsapp/webhook/", "slash at the end"),
        ("https://gate.example:8443/whatsapp/webhook", None),
        ("https://gate.example/whatsapp/status", "path"),
        ("https://gate.example/", "path"),
        ("https://gate.example", "path"),
        ("http://gate.example/whatsapp/webhook/", "scheme and slash at the end"),
    ],
)
def test_what_twilio_was_given_is_found_near_what_is_set(signed, differs):
    facts = told(signed)
    assert facts["checked_url"] == URL
    if differs is None:
        assert "little in common" in facts["cause"]
        return
    assert f"Twilio was given {signed}, with another {differs}:" in facts["cause"]
    assert "TWILIO_WEBHOOK_URL must be the same" in facts["cause"]


@pytest.mark.parametrize(
    ("public", "signed", "differs"),
    [
        (
            "https://gate.example:8443/whatsapp/webhook",
            "http://gate.example/whatsapp/webhook",
            "port",
        ),
        (f"{URL}?a=1", URL, "query"),
        ("https://GATE.example/whatsapp/webhook", URL, "spelling"),
        ("https://old.example/whatsapp/webhook", "http://inner:1956/whatsapp/webhook", "host"),
        ("https://user:hush@gate.example/whatsapp/webhook", URL, "spelling"),
    ],
)
def test_every_part_of_a_url_may_be_the_one_that_differs(public, signed, differs):
    facts = told(signed, lock(public), host="inner:1956")
    assert differs in facts["cause"]
    assert f"Twilio was given {signed}," in facts["cause"]


def test_a_query_that_only_one_of_them_has_is_named_and_not_shown():
    facts = told(f"{URL}?key=hush", lock(f"{URL}?other=hush"), query="key=hush")
    assert facts["checked_url"] == f"{URL}?..."
    assert "another query" in facts["cause"]


def test_a_tunnel_that_hides_the_address_is_seen_through():
    url = "https://abc.ngrok.app/whatsapp/webhook"
    headers = (("X-Forwarded-Host", "abc.ngrok.app"), ("X-Forwarded-Proto", "https"))
    assert (
        f"TWILIO_WEBHOOK_URL is not set: set it to {url}"
        in told(url, lock(""), headers=headers)["cause"]
    )
    assert told(url, headers=headers)["cause"].startswith(
        f"Twilio was given {url}, with another host"
    )


def test_without_a_public_url_that_is_the_likeliest_cause():
    facts = told("https://hidden.example/whatsapp/webhook", lock(""))
    assert facts["checked_url"] == "https://127.0.0.1:1956/whatsapp/webhook"
    assert facts["cause"].startswith("TWILIO_WEBHOOK_URL is not set")


def test_the_status_callback_has_a_setting_of_its_own():
    facts = told("https://hidden.example/s", lock(""), path="/whatsapp/status")
    assert facts["cause"].startswith("TWILIO_STATUS_CALLBACK_URL is not set")


def test_another_token_is_told_from_another_account():
    assert "TWILIO_AUTH_TOKEN is not the primary token" in told(URL, token="rotated")["cause"]
    form = {**FORM, "AccountSid": "AC" + "2" * 32}
    assert (
        "another account than TWILIO_ACCOUNT_SID" in told(URL, form=form, token="its-own")["cause"]
    )


def test_what_is_no_signature_of_twilio_s_is_told_as_that():
    request = posted(FORM, "forged", host="127.0.0.1")
    assert "it was not Twilio" in lock().explanation(request, read_form(request))["cause"]


def test_shared_keys_are_known_by_their_signatures():
    settings = "key=webhooks_sharedkey_1, algorithm=HMAC_SHA256"
    request = posted(FORM, sign("key", URL, FORM, "sha256"), signature_settings=settings)
    assert (
        "set TWILIO_WEBHOOK_SHARED_KEY" in lock().explanation(request, read_form(request))["cause"]
    )
    bare = posted(FORM, sign("key", URL, FORM, "sha256"))
    assert "a proxy took off the header" in lock().explanation(bare, read_form(bare))["cause"]


@pytest.mark.slow
def test_a_cause_is_found_quickly_whatever_the_size():
    form = {**FORM, "Body": "x" * 250_000}
    query = "&".join("ab" * 500)
    assert cpu(lambda: told("https://other.example/", form=form, query=query), 1) < 1
    facts = told("https://other.example/", form=form, query=query)
    assert facts["cause"] == told("https://other.example/", query=query)["cause"]


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_asked_makes_it_fail(path, host, signature):
    request = posted(FORM, signature, host=host, path=path, headers=(("X-Forwarded-Host", host),))
    verifier = lock("")
    try:
        verifier.check(request, read_form(request))
    except SignatureError:
        facts = verifier.explanation(request, read_form(request))
    assert len(facts["checked_url"]) <= 200
    assert len(facts["cause"]) <= 500


def test_a_url_is_shown_without_what_may_be_secret():
    assert (
        shown("https://user:hush@gate.example:8443/a?key=hush") == "https://gate.example:8443/a?..."
    )
    assert shown("https://[") == "://"


def refusals(caplog):
    return [one for one in caplog.records if one.getMessage() == "request refused"]


def forge(verifier, times):
    for number in range(times):
        request = posted(FORM, sign("forger", URL, {**FORM, "n": str(number)}))
        with pytest.raises(WrongSignatureError):
            verified_form(request, verifier)


def test_who_forges_floods_no_log(caplog):
    caplog.set_level(logging.INFO)
    verifier = lock()
    forge(verifier, 500)
    lines = refusals(caplog)
    assert 10 <= len(lines) <= 40
    assert [hasattr(one, "cause") for one in lines].count(True) == 1
    assert lines[0].checked_url == URL
    assert verifier.refused.all() == {"signature": 500}


def test_on_google_cloud_every_refusal_is_a_line_since_lines_are_counted(caplog):
    caplog.set_level(logging.INFO)
    forge(lock(service="webhook"), 100)
    lines = refusals(caplog)
    assert len(lines) == 100
    assert [hasattr(one, "cause") for one in lines].count(True) == 1
