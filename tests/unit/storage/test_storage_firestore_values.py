"""A document as the message that Google's own client would make of it, and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_v1 import Client
from google.cloud.firestore_v1._helpers import decode_value, encode_value
from google.cloud.firestore_v1.types import Value
from hypothesis import example, given
from hypothesis import strategies as st

from lib.storage.firestore.messages import message
from lib.storage.firestore.values import document_of, put

CLIENT = Client("demo-x", credentials=AnonymousCredentials())
BEFORE_1970 = datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)
ELSEWHERE = datetime(2026, 11, 23, 12, 0, 0, 1, timezone(timedelta(hours=5, minutes=45)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.datetimes(timezones=st.sampled_from([UTC, ELSEWHERE.tzinfo]))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), TEXTS, TIMES
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def message_of(value):
    """The message that carries a value, as we make it."""
    fields = message("Value")().map_value.fields
    put({"it": value}, fields)
    return fields["it"]


def shown(value):
    """What a value is, also where it equals no other: one that is no number."""
    return repr(value)


@given(VALUES)
@example({})
@example([])
@example({"a": {}, "b": [], "c": [{}, {"d": None}, ""]})
@example({"is_true": True})
@example(-0.0)
@example(BEFORE_1970)
@example(ELSEWHERE)
@example(datetime.min.replace(tzinfo=UTC))
@example(datetime.max.replace(tzinfo=UTC))
def test_a_value_is_the_message_that_the_client_makes_of_it(value):
    expected = Value.pb(encode_value(value))
    assert message_of(value).SerializeToString(deterministic=True) == (
        expected.SerializeToString(deterministic=True)
    )


def test_a_tuple_is_a_list():
    assert message_of((1, "a")) == message_of([1, "a"])


@given(VALUES)
@example(ELSEWHERE)
def test_a_message_is_the_value_that_the_client_reads_in_it(value):
    message = Value.pb(encode_value(value))
    ours = document_of({"it": message})["it"]
    assert without_nanoseconds(decode_value(message, CLIENT)) == shown(ours)


def without_nanoseconds(value):
    """What the client reads, with plain times in place of its own class of them."""

    def plain(one):
        if isinstance(one, datetime):
            return datetime.combine(one.date(), one.time(), UTC)
        if isinstance(one, list):
            return [plain(element) for element in one]
        if isinstance(one, dict):
            return {name: plain(element) for name, element in one.items()}
        return one

    return shown(plain(value))


def test_what_others_write_is_read_as_far_as_it_goes():
    name = "projects/p/databases/d/documents/c/x"
    place = Value(geo_point_value={"latitude": 1.5})
    message = Value.pb(
        Value(
            array_value={
                "values": [
                    Value(bytes_value=b"x"),
                    Value(reference_value=name),
                    place,
                    Value(),
                ]
            }
        )
    )
    document = document_of({"it": message})
    assert document["it"][:2] == [b"x", name]
    assert document["it"][2].latitude == 1.5
    assert document["it"][3] is None


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud83d", {"\ud83d": 1}, ["a", "\ud83d"]])
def test_what_no_message_can_carry_is_an_error_for_both(value):
    with pytest.raises(ValueError):
        encode_value(value)
    with pytest.raises(ValueError):
        message_of(value)


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="object"):
        message_of(object())
