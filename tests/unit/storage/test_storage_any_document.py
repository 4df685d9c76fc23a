"""Whatever stands in a stored document, reading gives a value, or the one error there is for it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import DocumentError
from lib.model import DeliveryReport, DeliveryState, Session, Turn
from lib.storage.catalogue import documents as directory
from lib.storage.encoding import decoded, encoded
from lib.storage.stores.dead_letters import read_letter
from lib.storage.stores.deliveries import read_delivery, says_more
from lib.storage.stores.sessions import read_link, read_session, session_document
from lib.storage.stores.turn_documents import read_turn, turn_document

pytestmark = pytest.mark.slow

TURN = [
    "contact", "address", "state", "attempt", "lease_until", "created_at", "chunks", "payload",
    "nudged_until", "apologised", "sid", "text", "opened_at", "failures",
]  # fmt: skip
SESSION = [
    "phone_number", "assistant_id", "display_name", "created_at", "last_active", "recent", "parked",
    "unreachable", "usage", "user_id", "number_since", "known_as",
    "tokens", "counted_at", "warned", "day", "asked", "question", "answer",
]  # fmt: skip
OTHERS = [
    "error_code", "turn_id", "cause", "explanation", "reason", "at", "trace_id", "replayed_at",
    "name", "description", "enabled", "backend", "settings", "blocked", "assistants",
    "limits", "questions_per_day", "budget_per_day", "until", "denied", "tools", "email",
]  # fmt: skip
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
names = st.sampled_from([*TURN, *SESSION, *OTHERS]) | st.text(max_size=5)
words = st.sampled_from(["thinking", "answered", "sent", "waiting", "failed", "window", "*", ""])
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | words
    | st.text(max_size=20)
    | st.datetimes()
    | st.datetimes(timezones=st.sampled_from([UTC, EAST, WEST]))
    | st.sampled_from([datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=WEST)])
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=12,
)
found = st.dictionaries(names, values, max_size=12)


@given(found)
def test_a_turn_is_a_turn_or_a_document_error(document):
    with suppress(DocumentError):
        turn = read_turn("SM1", document, "7")
        assert isinstance(turn, Turn)
        turn_document(turn)


@given(found)
def test_a_session_is_a_session(document):
    session = read_session("+15550001111", document)
    assert isinstance(session, Session)
    assert isinstance(session_document(session)["usage"]["tokens"], float)
    assert all(isinstance(one, str) and one for one in session.parked)


@given(found)
def test_everything_else_is_read_as_far_as_it_goes(document):
    read_link(document)
    read_letter("SM1", document)
    directory.read_assistant("one", document)
    directory.permissions_document(directory.read_permissions(document))
    directory.unread_fields(document)
    known = read_delivery("SM1", document)
    assert isinstance(known.state, DeliveryState)
    says_more(DeliveryReport("SM1", DeliveryState.SENT), document)


@given(found.map(encoded) | st.text() | st.binary() | st.none() | st.integers() | st.floats())
def test_any_text_is_a_document_or_a_document_error(body):
    with suppress(DocumentError):
        assert isinstance(decoded(body), dict)


@given(st.dictionaries(names, values.filter(lambda one: one == one), max_size=5))  # noqa: PLR0124 - no NaN
def test_a_document_comes_out_as_it_went_in(document):
    assert encoded(decoded(encoded(document))) == encoded(document)


def test_a_time_comes_out_as_it_went_in():
    noon = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)
    assert decoded(encoded({"a": [noon]})) == {"a": [noon]}
