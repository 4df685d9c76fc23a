"""Documents that both stores keep, and what becomes of odd ones."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lib.errors import DocumentError, NewerDocumentError
from lib.model import DeliveryReport, DeliveryState
from lib.storage.fields import LONG_AGO, text, time
from lib.storage.stores.deliveries import read_delivery, says_more
from lib.storage.stores.sessions import read_link, read_session
from lib.storage.stores.turn_documents import read_turn

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)


class ClientsOwnTime(datetime):
    """What a client of a database might read."""


@pytest.mark.parametrize(
    "written",
    [
        NOON,
        NOON.replace(tzinfo=None),
        NOON.astimezone(timezone(timedelta(hours=-5))),
        ClientsOwnTime(2026, 11, 23, 12, 0, 0, 123456, UTC),
    ],
)
def test_a_time_is_read_as_a_plain_one_in_utc(written):
    assert time(written) == NOON
    assert type(time(written)) is datetime
    assert time(written).tzinfo is UTC


@pytest.mark.parametrize("written", [None, "", 0, "2026-11-23"])
def test_what_is_no_time_is_long_ago_or_what_is_asked_for(written):
    assert time(written) == LONG_AGO
    assert time(written, NOON) == NOON


@pytest.mark.parametrize(("written", "read"), [("x", "x"), (None, ""), (7, ""), (["x"], "")])
def test_what_is_no_text_is_nothing(written, read):
    assert text(written) == read


def test_a_session_without_any_field_is_still_a_session():
    session = read_session("+15550001111", {})
    assert session.id == "whatsapp-+15550001111"
    assert (session.assistant_id, session.recent, session.last_active) == ("", (), LONG_AGO)


def test_a_session_was_last_active_when_it_was_made_if_nothing_else_is_known():
    assert read_session("x", {"created_at": NOON}).last_active == NOON


@pytest.mark.parametrize("document", [None, {}, {"contact": ""}, {"contact": 5}])
def test_a_link_that_names_no_contact_is_none(document):
    assert read_link(document) == ""


def test_a_turn_without_newer_fields_is_still_a_turn():
    turn = read_turn("SM1", {"state": "answered", "chunks": [{"text": "Hi"}], "more": 1}, "7")
    assert (turn.attempt, turn.created_at, turn.revision) == (1, LONG_AGO, "7")
    assert [chunk.text for chunk in turn.chunks] == ["Hi"]


SPOILT = [
    {},
    {"state": None},
    {"state": 5},
    {"state": ""},
    {"state": ["thinking"]},
    {"state": "thinking", "attempt": "many"},
    {"state": "thinking", "attempt": math.inf},
    {"state": "thinking", "attempt": math.nan},
    {"state": "answered", "chunks": None},
    {"state": "answered", "chunks": 5},
    {"state": "answered", "chunks": ["secret"]},
    {"state": "answered", "chunks": [{"state": {}}]},
    {"state": "answered", "chunks": [{"failures": "secret"}]},
]
NEWER = [
    {"state": "secret"},
    {"state": "answered", "chunks": [{"text": "Hi"}, {"text": "you", "state": "secret"}]},
]


@pytest.mark.parametrize("document", SPOILT, ids=repr)
def test_a_spoilt_turn_is_refused_without_its_contents(document):
    with pytest.raises(DocumentError, match="turn SM1 cannot be read") as error:
        read_turn("SM1", document, "7")
    assert "secret" not in str(error.value)
    assert not error.value.retryable


@pytest.mark.parametrize("document", NEWER, ids=repr)
def test_a_turn_in_a_state_not_known_here_waits_for_a_newer_version(document):
    with pytest.raises(NewerDocumentError, match="turn SM1 is of a newer version") as error:
        read_turn("SM1", document, "7")
    assert "secret" not in str(error.value)
    assert error.value.retryable


@pytest.mark.parametrize("state", [None, 5, "", ["read"], {}])
def test_a_delivery_in_no_state_counts_as_queued(state):
    assert read_delivery("SM1", {"state": state}).state is DeliveryState.QUEUED
    assert says_more(DeliveryReport("SM1", DeliveryState.SENT), {"state": state})


def test_a_delivery_in_a_state_not_known_here_is_left_to_a_newer_version():
    assert read_delivery("SM1", {"state": "played"}).state is DeliveryState.SENT
    for state in DeliveryState:
        assert not says_more(DeliveryReport("SM1", state), {"state": "played"})


@pytest.mark.parametrize("parked", [None, 5, "SM1", {}, [None, 5, "", ["SM1"]]])
def test_what_is_parked_is_a_list_of_ids_or_nothing(parked):
    assert read_session("x", {"parked": parked}).parked == ()


@pytest.mark.parametrize("tokens", [math.nan, math.inf, "5", None, [5]])
def test_a_number_that_is_none_is_nought(tokens):
    assert read_session("x", {"usage": {"tokens": tokens}}).usage.tokens == 0


def test_the_first_report_always_says_more():
    report = DeliveryReport("SM1", DeliveryState.QUEUED)
    assert says_more(report, {"turn_id": "SM0"})
    assert not says_more(report, {"state": "queued"})
