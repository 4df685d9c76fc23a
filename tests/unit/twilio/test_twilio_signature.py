import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import SignatureError, WebhookError
from lib.inbound.receive import verified_form
from lib.twilio.request import HttpRequest, read_form
from lib.twilio.signature import Verifier
from tests.absent import skip_outside_ci
from tests.sample import FORM_TYPE, posted, samples, sha256, sign

NODE = Path(__file__).parents[2] / "node"
TOKEN, SECOND, SHARED = "primary-token", "secondary-token", "shared-key"
URL = "https://gate.example/whatsapp/webhook"
FORM = samples("inbound")["text"]["form"]
LOCK = Verifier("AC" + "1" * 32, (TOKEN, SECOND), SHARED, URL)
SHA256 = "key=webhooks_sharedkey_1, algorithm=HMAC_SHA256"


def test_twilio_s_published_example_verifies():
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    request = posted(form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", query="foo=1&bar=2")
    Verifier(auth_tokens=("12345",), public_url=url).check(request, read_form(request))


@pytest.mark.parametrize(
    ("signed_url", "fields"),
    [
        (URL, {"host": "inner:8080", "path": "/"}),
        (f"{URL}?a=1&b=%20", {"query": "a=1&b=%20", "host": "inner", "path": "/"}),
        ("https://gate.example:443/whatsapp/webhook", {"host": "inner"}),
        (
            "https://other.example/x/%C3%A9?q=1",
            {"host": "other.example", "path": "/x/%C3%A9", "query": "q=1"},
        ),
        (
            "https://region.cloudfunctions.net/webhook",
            {"host": "region.cloudfunctions.net", "path": "/"},
        ),
        (
            "https://region.cloudfunctions.net/webhook/sub",
            {"host": "region.cloudfunctions.net", "path": "/sub"},
        ),
    ],
)
def test_the_url_twilio_was_given_is_found(signed_url, fields):
    lock = Verifier(auth_tokens=(TOKEN,), public_url=URL, service="webhook")
    request = posted(FORM, sign(TOKEN, signed_url, FORM), **fields)
    lock.check(request, read_form(request))


def test_the_retry_overrides_of_a_configured_url_are_not_signed():
    lock = Verifier(auth_tokens=(TOKEN,), public_url=f"{URL}#rc=3&rp=5xx")
    request = posted(FORM, sign(TOKEN, URL, FORM), host="inner")
    lock.check(request, read_form(request))


def test_a_configured_port_may_be_missing_from_what_was_signed():
    lock = Verifier(auth_tokens=(TOKEN,), public_url="https://gate.example:8443/hook")
    request = posted(FORM, sign(TOKEN, "https://gate.example/hook", FORM), host="inner")
    lock.check(request, read_form(request))


def test_the_secondary_token_holds_during_a_rotation():
    request = posted(FORM, sign(SECOND, URL, FORM))
    LOCK.check(request, read_form(request))


def test_a_shared_key_signs_with_sha256():
    request = posted(FORM, sign(SHARED, URL, FORM, "sha256"), signature_settings=SHA256)
    LOCK.check(request, read_form(request))


def test_the_header_cannot_choose_a_key_that_is_not_there():
    request = posted(FORM, sign("", URL, FORM, "sha256"), signature_settings=SHA256)
    with pytest.raises(SignatureError):
        Verifier(auth_tokens=(TOKEN,), public_url=URL).check(request, read_form(request))


def test_repeated_parameters_are_signed_as_a_sorted_set():
    pairs = [("MessageSid", "SM1"), ("Tag", "b"), ("Tag", "a"), ("Tag", "b")]
    signature = sign(TOKEN, URL, {"MessageSid": "SM1", "Tag": "aTagb"})
    request = HttpRequest(
        "/", urlencode(pairs).encode(), content_type=FORM_TYPE, signature=signature
    )
    LOCK.check(request, read_form(request))


def test_a_json_body_is_proven_by_its_hash():
    body = json.dumps({"a": 1}).encode()
    query = f"bodySHA256={sha256(body)}"
    signature = sign(TOKEN, f"{URL}?{query}", {})
    fields = {"query": query, "content_type": "application/json", "signature": signature}
    LOCK.check(HttpRequest("/", body, **fields), None)
    with pytest.raises(SignatureError):
        LOCK.check(HttpRequest("/", body + b" ", **fields), None)


def test_a_json_body_without_a_hash_is_not_proven():
    signature = sign(TOKEN, URL, {})
    request = HttpRequest("/", b"{}", content_type="application/json", signature=signature)
    with pytest.raises(SignatureError):
        LOCK.check(request, None)


def test_another_account_is_refused_even_with_a_right_signature():
    form = {**FORM, "AccountSid": "AC" + "2" * 32}
    request = posted(form, sign(TOKEN, URL, form))
    with pytest.raises(SignatureError, match="another account"):
        LOCK.check(request, read_form(request))


@pytest.mark.parametrize(
    "signature", ["", "AAAA", "ü", "\x00", "=" * 5000, "RSOYDt4T1cUTdK1PDd93/VVr8B8="]
)
def test_anything_else_is_refused(signature):
    request = posted(FORM, signature)
    with pytest.raises(SignatureError):
        LOCK.check(request, read_form(request))


def test_without_any_token_nothing_is_proven():
    request = posted(FORM, sign("", URL, FORM))
    with pytest.raises(SignatureError):
        Verifier(public_url=URL).check(request, read_form(request))


@given(
    body=st.binary(max_size=300),
    query=st.text(max_size=50),
    host=st.text(max_size=50),
    path=st.text(max_size=50),
    content_type=st.sampled_from(
        [FORM_TYPE, "application/json", "", "multipart/form-data; boundary=x"]
    ),
    signature=st.text(max_size=50),
    signature_settings=st.sampled_from(["", SHA256, "algorithm=NONE"]),
)
def test_whatever_comes_is_refused_and_never_an_accident(**fields):
    with pytest.raises(WebhookError):
        verified_form(HttpRequest(**fields), LOCK)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (HttpRequest("/", b"", content_type=FORM_TYPE), 403),
        (HttpRequest("/", b"x" * (256 * 1024 + 1), content_type=FORM_TYPE), 413),
        (HttpRequest("/", b"a=1&" * 600, content_type=FORM_TYPE), 400),
        (HttpRequest("/", b"{}", content_type="application/json"), 403),
    ],
)
def test_each_refusal_has_its_status(request_, status):
    with pytest.raises(WebhookError) as raised:
        verified_form(request_, LOCK)
    assert raised.value.status == status


@pytest.fixture(scope="module")
def signed_by_twilio():
    """About a hundred requests, signed by Twilio's own helper for Node."""
    if not (NODE / "node_modules" / "twilio").is_dir() or shutil.which("node") is None:
        skip_outside_ci(
            "Twilio's Node helper is not installed; `make test` installs it if npm is there"
        )
    forms = [one["form"] for kind in ("inbound", "status") for one in samples(kind).values()]
    urls = [URL, f"{URL}?tenant=1&x=%2B", "https://gate.example:443/whatsapp/webhook"]
    cases = [(token, url, form) for form in forms for url in urls for token in (TOKEN, SECOND)]
    lines = "\n".join(json.dumps({"token": t, "url": u, "params": f}) for t, u, f in cases)
    signatures = subprocess.run(
        ["node", "sign.js"], cwd=NODE, input=lines, capture_output=True, text=True, check=True
    ).stdout.split()
    return [
        (url, form, signature) for (_, url, form), signature in zip(cases, signatures, strict=True)
    ]


def test_what_twilio_s_own_helper_signs_verifies(signed_by_twilio):
    assert len(signed_by_twilio) > 100
    for url, form, signature in signed_by_twilio:
        request = posted(form, signature, query=url.partition("?")[2], host="inner")
        LOCK.check(request, read_form(request))


def test_one_changed_character_is_noticed(signed_by_twilio):
    for url, form, signature in signed_by_twilio:
        changed = {**form, "From": form["From"][:-1] + "x"}
        for tampered, given_signature in ((changed, signature), (form, signature.swapcase())):
            request = posted(tampered, given_signature, query=url.partition("?")[2], host="inner")
            with pytest.raises(SignatureError):
                LOCK.check(request, read_form(request))
