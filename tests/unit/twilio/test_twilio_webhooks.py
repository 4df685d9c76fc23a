from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.conversation.question import question_text
from lib.errors import PayloadError
from lib.model import Choice, DeliveryState, Location, MessageKind, Referral
from lib.twilio.request import Form, read_form
from lib.twilio.webhooks import is_status_callback, passed_over, to_message, to_report
from tests.sample import posted, samples

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SAMPLES = samples("inbound")
INBOUND = {label: one for label, one in SAMPLES.items() if "message" in one}
STATUS = samples("status")


def message(**fields):
    form = {"MessageSid": "SM1", "From": "whatsapp:+15550001111", **fields}
    return to_message(Form(tuple(form.items())), NOW)


@pytest.mark.parametrize("label", INBOUND)
def test_a_sample_becomes_the_message_it_is(label):
    form = read_form(posted(INBOUND[label]["form"]))
    found = to_message(form, NOW)
    expected = {"address": "+15550001111", "user_id": "", **INBOUND[label]["message"]}
    assert found.kind.value == expected["kind"]
    assert found.address == expected["address"]
    assert found.user_id == expected["user_id"]
    assert len(found.media) == expected.get("media", 0)
    assert found.reply_to == expected.get("reply_to", "")
    assert found.forwarded is expected.get("forwarded", False)
    assert (found.choice.id if found.choice else None) == expected.get("choice")
    assert found.text == expected.get("text", found.text)
    assert question_text(found) == expected.get("asked", question_text(found))
    assert not passed_over(form)
    assert found.trace_id == f"whatsapp-{INBOUND[label]['form']['MessageSid']}"
    assert not is_status_callback(form)


@pytest.mark.parametrize("label", sorted(SAMPLES.keys() - INBOUND.keys()))
def test_a_sample_that_is_no_message_is_passed_over(label):
    form = read_form(posted(SAMPLES[label]["form"]))
    assert passed_over(form) == SAMPLES[label]["passed_over"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"MessageType": "Reaction", "Body": "\U0001f44d\U0001f3fd"}, "reaction"),
        ({"MessageType": " REACTION ", "Body": ""}, "reaction"),
        ({"MessageType": "text", "Body": "👍"}, ""),
        ({"MessageType": "", "Body": "👍"}, ""),
        ({"From": "+15550001111"}, "another channel"),
        ({"From": "0049 151 12345678"}, "another channel"),
        ({"From": "15550001111"}, "another channel"),
        ({"From": "messenger:123456"}, "another channel"),
        ({"From": "rcs:+15550001111"}, "another channel"),
        ({"From": "US.1A2B3C"}, "another channel"),
        ({"From": " WhatsApp: 15550001111"}, ""),
        ({"From": "whatsapp:US.1A2B3C"}, ""),
        ({"SmsStatus": "sent"}, "status callback"),
        ({"MessageStatus": "read", "From": "+15550001111"}, "status callback"),
    ],
)
def test_only_what_people_say_on_whatsapp_is_a_message(fields, reason):
    form = {"From": "whatsapp:+15550001111", **fields}
    assert passed_over(Form(tuple(form.items()))) == reason


@pytest.mark.parametrize(
    ("fields", "choice"),
    [
        ({"ButtonText": "Yes", "ButtonPayload": "y-1"}, Choice("y-1", "Yes")),
        ({"ButtonText": "Yes"}, Choice("Yes", "Yes")),
        ({"ButtonPayload": "y-1", "Body": "Yes"}, Choice("y-1", "Yes")),
        ({"ButtonPayload": "y-1"}, Choice("y-1", "y-1")),
        ({"ListTitle": "Red", "ListId": "r"}, Choice("r", "Red")),
        ({"ListTitle": "Red"}, Choice("Red", "Red")),
        ({"Body": "Yes"}, None),
        ({"ButtonPayload": "x" * 9999}, Choice("x" * 1024, "x" * 1024)),
    ],
)
def test_a_tap_has_an_id_and_a_title(fields, choice):
    assert message(**fields).choice == choice


@pytest.mark.parametrize(
    ("fields", "referral"),
    [
        ({"ReferralHeadline": "Shop"}, Referral("Shop")),
        ({"ReferralBody": "Buy\nnow"}, Referral(text="Buy\nnow")),
        ({"ReferralSourceUrl": "https://a.example/?x=1"}, Referral(url="https://a.example/?x=1")),
        ({"ReferralNumMedia": "0", "ReferralCtwaClid": "x", "ReferralSourceId": "1"}, None),
        ({"ReferralHeadline": "x" * 9999}, Referral("x" * 2000)),
    ],
)
def test_an_advertisement_is_what_it_said(fields, referral):
    assert message(**fields).referral == referral


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.example/p?fbclid=1", "https://a.example/p"),
        ("https://a.example/p?fbclid=1&a=2&b=3", "https://a.example/p?a=2&b=3"),
        ("https://a.example/p?a=2&GCLID=1#top", "https://a.example/p?a=2#top"),
        ("https://a.example/p?a=2&ctwa_clid=1&b=3", "https://a.example/p?a=2&b=3"),
        ("https://a.example/p?igshid=1&a=2&wbraid=3&li_fat_id=4#b", "https://a.example/p?a=2#b"),
        ("https://a.example/clid=1", "https://a.example/clid=1"),
        ("https://a.example/p&clid=1", "https://a.example/p"),
    ],
)
def test_an_advertisement_s_link_tells_no_click(given, kept):
    assert message(ReferralSourceUrl=given).referral.url == kept


def test_a_place_keeps_its_names():
    found = to_message(read_form(posted(INBOUND["location"]["form"])), NOW)
    assert found.location == Location(55.6761, 12.5683, "Rådhuspladsen 1", "Town hall")


@pytest.mark.parametrize("label", STATUS)
def test_a_status_callback_is_a_report_and_no_message(label):
    form = read_form(posted(STATUS[label]["form"]))
    assert is_status_callback(form)
    report = to_report(form)
    assert report.sid == STATUS[label]["form"]["MessageSid"]
    assert report.state.value == STATUS[label]["report"]["state"]
    assert report.error_code == STATUS[label]["report"]["error_code"]


def test_an_unknown_status_reports_nothing():
    assert to_report(Form((("MessageSid", "SM1"), ("MessageStatus", "dancing")))) is None


def test_every_state_but_failure_goes_forward():
    ranks = [
        state.rank
        for state in (
            DeliveryState.QUEUED,
            DeliveryState.SENT,
            DeliveryState.DELIVERED,
            DeliveryState.READ,
        )
    ]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize(
    "fields",
    [
        {"From": ""},
        {"From": "messenger:123456"},
        {"From": "whatsapp:nobody"},
        {"MessageSid": ""},
        {"MessageSid": "a/b"},
        {"MessageSid": "x" * 65},
    ],
)
def test_what_cannot_be_answered_or_told_apart_is_refused(fields):
    with pytest.raises(PayloadError):
        message(**fields)


def test_a_request_typed_by_hand_gets_a_number():
    form = Form((("From", "whatsapp:+15550001111"), ("Body", "Hello")))
    first, second = (to_message(form, NOW, number_it=True).id for _ in range(2))
    assert first != second
    assert len(first) == 34


def test_control_characters_and_lone_surrogates_are_taken_out():
    assert message(Body="a\x00b\x07c\ud800d\ttab\nline").text == "abcd\ttab\nline"


def test_a_profile_name_is_one_short_line():
    found = message(ProfileName="Ann\n\u202eevil \t" + "x" * 300)
    assert found.profile_name.startswith("Ann evil x")
    assert len(found.profile_name) == 100


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("91", "0"), ("nan", "0"), ("", ""), ("inf", "1")]
)
def test_a_place_off_the_globe_is_none(latitude, longitude):
    found = message(MessageType="location", Latitude=latitude, Longitude=longitude)
    assert found.location is None
    assert found.kind is MessageKind.UNSUPPORTED


@given(st.dictionaries(st.sampled_from(sorted(INBOUND["ten_media"]["form"])), st.text()))
def test_any_values_make_a_message_or_a_payload_error(fields):
    try:
        found = message(**fields)
    except PayloadError:
        return
    assert found.id
    assert found.address


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("STOP", "stop"),
        ("START", "start"),
        ("HELP", "help"),
        (" Stop ", "stop"),
        ("", ""),
        ("RESUME", ""),
        ("stop\u0000 it", ""),
        ("x" * 5000, ""),
    ],
)
def test_what_twilio_took_a_message_for_is_known(told, taken):
    assert message(Body="Arrêtez", OptOutType=told).opt_out == taken


def test_what_anybody_may_have_written_takes_no_consent():
    fields = {"MessageSid": "SM1", "From": "whatsapp:+15550001111", "OptOutType": "STOP"}
    assert to_message(Form(tuple(fields.items())), NOW, number_it=True).opt_out == ""
