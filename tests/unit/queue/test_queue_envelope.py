import base64
import json
from bisect import bisect
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.errors import EnvelopeError, NewerEnvelopeError, QueueError
from lib.model import Choice, InboundMessage, Location, Media, MessageKind, QueueDelivery, Referral
from lib.queue.decode import decode
from lib.queue.envelope import encode
from lib.queue.push import decode_push, push_body

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)
ANN = "+15550001111"
MEBIBYTE = 1024 * 1024


def whole(text: str) -> str:
    """The text with two halves of a surrogate pair that stand together made one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


texts = st.text(st.characters(codec=None), max_size=200).map(whole)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
times = st.datetimes(timezones=st.just(UTC))
degrees = st.floats(-180, 180)
addresses = st.from_regex(
    r"\A(\+[1-9][0-9]{4,14}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,130})\Z", fullmatch=True
)
messages = st.builds(
    InboundMessage,
    id=names,
    address=addresses,
    received_at=times,
    kind=st.sampled_from(MessageKind),
    text=texts,
    user_id=texts,
    profile_name=texts,
    media=st.lists(st.builds(Media, texts, texts), max_size=3).map(tuple),
    location=st.none() | st.builds(Location, degrees, degrees, texts, texts),
    choice=st.none() | st.builds(Choice, texts, texts),
    reply_to=texts,
    forwarded=st.booleans(),
    form=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    referral=st.none() | st.builds(Referral, texts, texts, texts),
    opt_out=st.sampled_from(["", "stop", "start", "help"]),
)


def push_of(message: InboundMessage, attempt: int = 1) -> bytes:
    data, attributes = encode(message)
    return push_body(
        data,
        attributes,
        ordering_key=message.address,
        message_id="7",
        publish_time=NOON,
        attempt=attempt,
        subscription="projects/p/subscriptions/s",
    )


def push_with(data: object, **more: object) -> bytes:
    encoded = base64.b64encode(json.dumps(data).encode()).decode()
    return json.dumps({"message": {"data": encoded}, "subscription": "s", **more}).encode()


def document(**changes: object) -> dict:
    data, _ = encode(InboundMessage("SM1", ANN, NOON, text="Hello"))
    return {**json.loads(data), **changes}


@given(messages)
@example(InboundMessage("SM1", ANN, NOON, text="\x00\ud83d \ude00\ud83d"))
def test_any_message_comes_out_as_it_went_in(message):
    data, _ = encode(message)
    assert decode_push(push_of(message, 3)) == QueueDelivery(message, 3, data.decode())


def test_no_field_of_a_message_is_forgotten():
    data, _ = encode(InboundMessage("SM1", ANN, NOON))
    assert set(json.loads(data)) == {one.name for one in fields(InboundMessage)} | {"version"}


def test_two_halves_of_a_pair_side_by_side_arrive_as_the_character_they_are():
    delivery = decode_push(push_of(InboundMessage("SM1", ANN, NOON, text="\ud83d" + "\ude00")))
    assert delivery.item.text == "😀"


@pytest.mark.parametrize("told", ["resume", 7, None, ["stop"]])
def test_what_only_a_newer_version_takes_a_message_for_is_somebody_s_text(told):
    data = json.dumps(document(opt_out=told)).encode()
    assert decode(data).opt_out == ""


def test_what_is_queued_is_told_apart_unread():
    _, attributes = encode(InboundMessage("SM1", ANN, NOON))
    assert attributes == {"version": "1", "message_id": "SM1", "trace_id": "whatsapp-SM1"}


def test_the_push_is_the_one_of_production():
    # The keys and forms of Pub/Sub's documentation, "Receive push messages".
    message = InboundMessage("SM1", ANN, NOON, text="Hello")
    data, attributes = encode(message)
    assert json.loads(push_of(message, 5)) == {
        "deliveryAttempt": 5,
        "message": {
            "attributes": attributes,
            "data": base64.b64encode(data).decode(),
            "messageId": "7",
            "message_id": "7",
            "orderingKey": ANN,
            "publishTime": "2026-11-23T12:00:00.123Z",
            "publish_time": "2026-11-23T12:00:00.123Z",
        },
        "subscription": "projects/p/subscriptions/s",
    }


def test_the_time_of_publishing_is_told_in_utc():
    east = timezone(timedelta(hours=9))
    body = push_body(
        b"",
        {},
        ordering_key="",
        message_id="",
        publish_time=NOON.astimezone(east),
        attempt=1,
        subscription="",
    )
    assert json.loads(body)["message"]["publishTime"] == "2026-11-23T12:00:00.123Z"


def test_the_push_of_the_emulator_is_read_too():
    # As emulator 0.8.20 sends it: slashes escaped, no ordering key, no attempt.
    data, _ = encode(InboundMessage("SM1", ANN, NOON, text="Hello"))
    encoded = base64.b64encode(data).decode()
    body = (
        r'{"subscription":"projects\/demo-x\/subscriptions\/s","message":'
        r'{"publishTime":"2026-11-23T18:16:58.894Z","data":"' + encoded + r'",'
        r'"publish_time":"2026-11-23T18:16:58.894Z","messageId":"1",'
        r'"attributes":{"kind":"inbound"},"message_id":"1"}}'
    )
    assert decode_push(body.encode()) == QueueDelivery(
        InboundMessage("SM1", ANN, NOON, text="Hello"), 0, data.decode()
    )


@pytest.mark.parametrize("attempt", [None, "3", -1, 2.5, True, [1]])
def test_an_attempt_that_is_no_number_is_not_told(attempt):
    assert decode_push(push_with(document(), deliveryAttempt=attempt)).attempt == 0


def test_only_id_address_and_time_are_needed():
    needed = {"id": "SM1", "address": ANN, "received_at": "2026-11-23T12:00:00.123456Z"}
    assert decode_push(push_with(needed)).item == InboundMessage("SM1", ANN, NOON)


@pytest.mark.parametrize("name", [one.name for one in fields(InboundMessage)][4:])
def test_an_optional_field_may_be_null(name):
    expected = InboundMessage("SM1", ANN, NOON, text="Hello")
    assert decode_push(push_with(document(**{name: None}))).item in {
        expected,
        InboundMessage("SM1", ANN, NOON),
    }


def test_fields_of_the_future_are_passed_over():
    future = document(
        mood="sunny",
        media=[{"url": "u", "content_type": "t", "bytes": 5}],
        location={"latitude": 1, "longitude": 2, "altitude": 3},
        choice={"id": "a", "title": "b", "row": 4},
    )
    message = decode_push(push_with(future)).item
    assert message.media == (Media("u", "t"),)
    assert message.location == Location(1.0, 2.0)
    assert message.choice == Choice("a", "b")


REPORT = {"sid": "SM9", "state": "failed", "address": ANN, "cause": "window"}
OF_THE_FUTURE = [
    {"version": 2},
    {"version": 17},
    {"version": "2"},
    {"kind": "hologram"},
    {"report": {**REPORT, "state": "expired"}},
    {"report": {**REPORT, "cause": "weather"}},
]


@pytest.mark.parametrize("changes", OF_THE_FUTURE, ids=repr)
def test_what_only_a_newer_version_knows_waits_for_it(changes):
    with pytest.raises(NewerEnvelopeError) as error:
        decode_push(push_with(document(**changes)))
    assert error.value.retryable
    assert error.value.code == "newer_version"
    assert "hologram" not in str(error.value)


def test_a_newer_version_may_write_its_data_in_another_way():
    body = json.loads(push_with(document()))
    body["message"]["attributes"] = {"version": "2"}
    body["message"]["data"] = base64.b64encode(b"\x28\xb5\x2f\xfd no JSON").decode()
    with pytest.raises(NewerEnvelopeError):
        decode_push(json.dumps(body).encode())


@pytest.mark.parametrize("attributes", [None, {}, {"version": "1"}, [], "x", 5, {"trace_id": "x"}])
def test_attributes_need_not_name_a_version(attributes):
    body = json.loads(push_with(document()))
    body["message"]["attributes"] = attributes
    assert decode_push(json.dumps(body).encode()).item.id


@pytest.mark.parametrize("version", [0, -1, None, "", "x", 1.5, [], {}, True, "²", "1" * 5000])
def test_a_version_that_is_none_is_never_read(version):
    with pytest.raises(EnvelopeError) as error:
        decode_push(push_with(document(version=version)))
    assert not error.value.retryable


@pytest.mark.parametrize("changes", [{"state": ""}, {"cause": 5}, {"state": None}, {"cause": ""}])
def test_a_report_without_state_or_cause_is_none(changes):
    with pytest.raises(EnvelopeError) as error:
        decode_push(push_with(document(report={**REPORT, **changes})))
    assert not error.value.retryable


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": ""},
        {"id": "x" * 257},
        {"form": [["name"]]},
        {"form": ["ab"]},
        {"form": [["name", 5]]},
        {"form": 5},
        {"referral": []},
        {"referral": {"url": 5}},
        {"id": "\ud83d"},
        {"id": 5},
        {"address": None},
        {"address": ""},
        {"address": "nobody"},
        {"received_at": None},
        {"received_at": "yesterday"},
        {"received_at": "2026-11-23T12:00:00"},
        {"received_at": "0001-01-01T00:00:00+14:00"},
        {"received_at": 1.5},
        {"kind": []},
        {"text": 5},
        {"text": ["Hello"]},
        {"media": 5},
        {"media": "ab"},
        {"media": {"url": "u"}},
        {"media": [["url"]]},
        {"media": [{"url": 5}]},
        {"location": []},
        {"location": {"latitude": 1}},
        {"location": {"latitude": "north", "longitude": 1}},
        {"location": {"latitude": 1e999, "longitude": 1}},
        {"location": {"latitude": 10**400, "longitude": 1}},
        {"location": {"latitude": None, "longitude": 1}},
        {"choice": "yes"},
        {"choice": {"id": 1}},
    ],
)
def test_data_that_is_no_message_is_told_apart(changes):
    with pytest.raises(EnvelopeError) as failure:
        decode_push(push_with(document(**changes)))
    assert str(failure.value) == "the data is not a message"
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the push is not JSON"),
        (b"\xff\xfe", "the push is not JSON"),
        (b"hello", "the push is not JSON"),
        (b"[" * 100_000, "the push is not JSON"),
        (b'{"a":' * 100_000, "the push is not JSON"),
        (b"1" * 5000, "the push is not JSON"),
        (b"[]", "the push is not an object"),
        (b"null", "the push is not an object"),
        (b"{}", "the push carries no message"),
        (b'{"message": "hi"}', "the push carries no message"),
        (b'{"message": {}}', "the data is not JSON"),
        (b'{"message": {"data": null}}', "the data is not JSON"),
        (b'{"message": {"data": "%%%"}}', "the data is not base64"),
        (b'{"message": {"data": "YWJ"}}', "the data is not base64"),
        ('{"message": {"data": "é"}}'.encode(), "the data is not base64"),
        (b'{"message": {"data": 5}}', "the data is not base64"),
        (b'{"message": {"data": ["a"]}}', "the data is not base64"),
        (b'{"message": {"data": "/w=="}}', "the data is not JSON"),
        (b'{"message": {"data": "W10="}}', "the data is not an object"),
        (b"{" + b" " * MEBIBYTE, "the push is too large"),
    ],
)
def test_what_is_no_push_is_told_apart(body, reason):
    with pytest.raises(EnvelopeError, match=reason):
        decode_push(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([one.name for one in fields(InboundMessage)])
            | st.sampled_from(["url", "content_type", "latitude", "longitude", "title", "version"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(
    st.binary(max_size=300)
    | json_values.map(lambda value: json.dumps(value).encode())
    | json_values.map(push_with)
    | st.dictionaries(
        st.sampled_from([one.name for one in fields(InboundMessage)]), json_values, max_size=4
    ).map(lambda changes: push_with(document(**changes)))
)
def test_anything_is_a_message_or_an_envelope_error(body):
    try:
        message = decode_push(body).item
    except EnvelopeError:
        return
    # Whatever is let in can be queued, and is the same again afterwards.
    assert decode_push(push_of(message)).item == message


@pytest.mark.parametrize("character", ["x", "\x00", "é", "😀", "\ud83d"])
def test_the_largest_message_that_can_be_queued_can_be_read(character):
    def push(length):
        try:
            return push_of(InboundMessage("S" * 256, ANN, NOON, text=character * length))
        except QueueError:
            return b""

    largest = bisect(range(MEBIBYTE), 0, key=lambda length: not push(length)) - 1
    assert len(push(largest)) > 0.9 * MEBIBYTE
    assert decode_push(push(largest)).item.text == character * largest
