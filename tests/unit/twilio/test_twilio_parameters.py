"""One signature proves one message: no other way to cut what was signed is believed."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import PayloadError, WebhookError
from lib.inbound.receive import verified_form
from lib.twilio.parameters import check_forms
from lib.twilio.request import Form
from lib.twilio.signature import Verifier
from lib.twilio.webhooks import to_message
from tests.sample import posted, samples, sign

URL, TOKEN = "https://gate.example/whatsapp/webhook", "token"
LOCK = Verifier("", (TOKEN,), public_url=URL)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
SID, OTHER = f"SM{1:032x}", f"SM{2:032x}"
FORM = samples("inbound")["text"]["form"] | dict.fromkeys(
    ("MessageSid", "SmsMessageSid", "SmsSid"), SID
)


def forged(genuine: dict[str, str], *pairs: tuple[str, str]) -> Form:
    """Read other parameters under the signature of a genuine message."""
    signed = "".join(name + genuine[name] for name in sorted(genuine))
    assert "".join(name + value for name, value in sorted(set(pairs))) == signed
    request = posted(dict(pairs), sign(TOKEN, URL, genuine))
    assert len(dict(pairs)) == len(pairs)
    return verified_form(request, LOCK)


def shifted(genuine: dict[str, str], name: str, at: int) -> list[tuple[str, str]]:
    """The parameters with the one behind a name swallowed by its value, in part or whole."""
    names = sorted(genuine)
    after = names[names.index(name) + 1]
    joined = genuine[name] + after + genuine[after]
    kept = [(n, genuine[n]) for n in names if n not in {name, after}]
    return [*kept, (name + joined[:at], joined[at:])]


def test_a_genuine_message_is_proven():
    assert forged(FORM, *FORM.items()).get("MessageSid") == SID


@pytest.mark.parametrize("name", sorted(FORM)[:-1])
@pytest.mark.parametrize("at", [0, 3, 20, 34, 44])
def test_a_parameter_that_swallows_the_next_one_makes_no_new_message(name, at):
    try:
        found = to_message(forged(FORM, *shifted(FORM, name, at)), NOW)
    except PayloadError:
        return
    assert found.id == SID


def test_a_message_s_id_that_runs_into_the_next_parameter_is_none():
    with pytest.raises(PayloadError):
        forged(FORM, *shifted(FORM, "MessageSid", 0))


def test_a_text_cannot_name_another_sender_and_another_id():
    bait = f"hi Fromwhatsapp:+15550000000MessageSid{OTHER}N"
    genuine = {**FORM, "Body": bait}
    names = sorted(genuine)
    rest = "".join(n + genuine[n] for n in names[names.index("Body") + 1 :])
    before = [(n, genuine[n]) for n in names[: names.index("Body")]]
    pairs = [
        *before,
        ("Body", "hi "),
        ("From", "whatsapp:+15550000000"),
        ("MessageSid", OTHER),
        ("N", rest),
    ]
    with pytest.raises(PayloadError):
        forged(genuine, *pairs)


def test_a_text_may_hold_whatever_somebody_types():
    form = Form(tuple({**FORM, "Body": f"MessageSid{OTHER} From"}.items()))
    check_forms(form)


@pytest.mark.parametrize(
    "sid",
    [
        *("SM1", "test123", f"SM{1:031x}", f"SM{1:033x}", f"sm{1:032x}", f"IM{1:032x}"),
        *(SID[:-1] + "A", f"{SID}\n", f" {SID}", "", "x" * 34),
    ],
)
def test_a_message_s_id_has_its_exact_form(sid):
    for name in ("MessageSid", "SmsMessageSid", "SmsSid"):
        with pytest.raises(PayloadError):
            check_forms(Form((("From", "whatsapp:+15550001111"), (name, sid))))


@pytest.mark.parametrize("name", ["MessageSid", "SmsMessageSid", "SmsSid"])
def test_ids_that_differ_are_none(name):
    with pytest.raises(PayloadError):
        check_forms(Form(tuple({**FORM, name: OTHER}.items())))
    with pytest.raises(PayloadError):
        check_forms(Form((*FORM.items(), (name, OTHER))))


@pytest.mark.parametrize("sid", [SID, f"MM{'f' * 32}"])
def test_one_id_under_one_name_is_enough(sid):
    check_forms(Form((("MessageSid", sid),)))
    check_forms(Form((("SmsSid", sid),)))


@pytest.mark.parametrize("name", ["", "a b", "Ünïcode", "x" * 41, "a\nb", "a-b", "From:", "名前"])
def test_a_parameter_s_name_has_its_exact_form(name):
    with pytest.raises(PayloadError):
        check_forms(Form((*FORM.items(), (name, "1"))))


@pytest.mark.parametrize("label", samples("inbound"))
def test_every_genuine_sample_has_the_form(label):
    form = samples("inbound")[label]["form"]
    if form["MessageSid"].startswith(("SM", "MM")):
        check_forms(Form(tuple(form.items())))


@pytest.mark.parametrize("label", samples("status"))
def test_every_status_sample_has_the_form(label):
    check_forms(Form(tuple(samples("status")[label]["form"].items())))


def test_without_a_signature_a_hand_may_write_as_it_likes():
    form = {"From": "whatsapp:+1234567890", "Body": "Hello", "MessageSid": "test123"}
    request = posted(form, host="localhost")
    form = verified_form(request, Verifier(enabled=False))
    assert form.get("MessageSid") == "test123"


@given(st.text(max_size=200), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_no_other_cut_of_what_was_signed_is_another_message(body, first, second, third):
    """Cuts anywhere: what is still believed has the id, and nobody acts on an id twice."""
    genuine = {**FORM, "Body": body}
    signed = "".join(name + genuine[name] for name in sorted(genuine))
    cuts = sorted({min(cut, len(signed)) for cut in (0, first, second, third, len(signed))})
    parts = [signed[a:b] for a, b in pairwise(cuts)]
    half = [(part[: len(part) // 2], part[len(part) // 2 :]) for part in parts]
    form = Form(tuple(half))
    try:
        check_forms(form)
        found = to_message(form, NOW)
    except WebhookError:
        return
    assert found.id == SID
