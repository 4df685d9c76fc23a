import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import EnvelopeError
from lib.model import Choice, InboundMessage, Location, Media, MessageKind
from lib.queue.envelope import MOST_BYTES, decode_push, encode, push_body

NOW = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
MESSAGES = st.builds(
    InboundMessage,
    id=st.text(min_size=1),
    address=st.text(min_size=1),
    received_at=st.datetimes(timezones=st.just(UTC)),
    kind=st.sampled_from(MessageKind),
    text=st.text(alphabet=st.characters()),
    user_id=st.text(),
    profile_name=st.text(),
    media=st.lists(st.builds(Media, st.text(), st.text()), max_size=3).map(tuple),
    location=st.none() | st.builds(Location, st.floats(-90, 90), st.floats(-180, 180), st.text()),
    choice=st.none() | st.builds(Choice, st.text(), st.text()),
    reply_to=st.text(),
    forwarded=st.booleans(),
)


def pushed(document, **push):
    data = base64.b64encode(json.dumps(document).encode()).decode()
    return json.dumps({"message": {"data": data}, **push}).encode()


@given(MESSAGES, st.integers(min_value=0, max_value=100))
def test_any_message_comes_out_as_it_went_in(message, attempt):
    data, attributes = encode(message)
    body = push_body(
        data,
        attributes,
        ordering_key=message.address,
        message_id="1",
        publish_time=NOW,
        attempt=attempt,
        subscription="projects/p/subscriptions/s",
    )
    delivery = decode_push(body)
    assert delivery.message == message
    assert delivery.attempt == attempt
    assert json.loads(delivery.payload)["id"] == message.id


def test_the_emulator_s_push_is_read_though_it_tells_less():
    data, attributes = encode(InboundMessage("SM1", "+15550001111", NOW, text="Hi"))
    body = {
        "subscription": "projects/demo-x/subscriptions/s",
        "message": {
            "publishTime": "2026-11-23T18:16:58.894Z",
            "data": base64.b64encode(data).decode(),
            "publish_time": "2026-11-23T18:16:58.894Z",
            "messageId": "1",
            "attributes": attributes,
            "message_id": "1",
        },
    }
    delivery = decode_push(json.dumps(body).replace("/", "\\/").encode())
    assert delivery.message.text == "Hi"
    assert delivery.attempt == 0


def test_what_a_later_version_adds_is_passed_over():
    media = [{"url": "https://x.io", "content_type": "image/png", "size": 5}]
    document = {"id": "SM1", "address": "+1", "received_at": NOW.isoformat(), "media": media}
    message = decode_push(pushed({**document, "mood": "happy"})).message
    assert message.media == (Media("https://x.io", "image/png"),)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"id": "SM1", "address": "+1"},
        {"id": 1, "address": "+1", "received_at": NOW.isoformat()},
        {"id": "SM1", "address": "+1", "received_at": "yesterday"},
        {"id": "SM1", "address": "+1", "received_at": "2026-01-02T03:04:05"},
        {"id": "SM1", "address": "+1", "received_at": NOW.isoformat(), "kind": "telepathy"},
        {"id": "SM1", "address": "+1", "received_at": NOW.isoformat(), "media": [1]},
        {"id": "SM1", "address": "+1", "received_at": NOW.isoformat(), "location": {}},
    ],
)
def test_what_is_no_message_is_an_envelope_error(document):
    with pytest.raises(EnvelopeError):
        decode_push(pushed(document))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"message": null}',
        b'{"message": {"data": "%%%"}}',
        b'{"message": {"data": 5}}',
        b" " * (MOST_BYTES + 1),
    ],
)
def test_what_is_no_push_is_an_envelope_error(body):
    with pytest.raises(EnvelopeError):
        decode_push(body)


@given(st.binary())
def test_any_bytes_are_a_push_or_an_envelope_error(body):
    with pytest.raises(EnvelopeError):
        decode_push(body)
