"""What every store does with documents that cannot be read: they take nothing else with them."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import DocumentError, NewerDocumentError, StoreError
from lib.model import DeadLetter, DeliveryReport, DeliveryState, TurnState
from lib.storage.stores.sessions import session_write
from lib.storage.stores.turn_documents import OVERDUE_AFTER
from tests.shortages import no_threads
from tests.stores import LEASE, NOON, commit_sent, turn

PHONE = "+15550001111"
OVERDUE = NOON + LEASE + OVERDUE_AFTER
SPOILT_TURNS = {
    "none": {},
    "a state of a newer version": {"state": "dreaming"},
    "no state": {"state": None},
    "an attempt that is none": {"state": "thinking", "attempt": "many"},
    "chunks that are none": {"state": "answered", "chunks": 5},
    "a chunk of a newer version": {"state": "answered", "chunks": [{"state": "sung"}]},
}


def claimed(stores, turn_id):
    return stores.turns.claim(turn(turn_id))[0]


def spoil_first(backend, stores, document, count=1):
    """Keep spoilt turns that are overdue for longer than any other."""
    for number in range(count):
        claimed(stores, f"SMspoilt{number}")
        overdue = {"overdue_at": NOON - timedelta(days=1), "chunks": []}
        backend.keep("whatsapp_turns", f"SMspoilt{number}", overdue | document)


@pytest.mark.parametrize("document", SPOILT_TURNS.values(), ids=SPOILT_TURNS)
def test_one_turn_that_cannot_be_read_hides_none_that_is_overdue(backend, stores, document, caplog):
    spoil_first(backend, stores, document)
    mine = claimed(stores, "SM1")
    for _ in range(3):
        assert stores.turns.overdue(OVERDUE, 10) == [mine]
    told = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert [one.document for one in told] == ["SMspoilt0"]


def test_more_of_them_than_are_asked_for_hide_none_either(backend, stores):
    spoil_first(backend, stores, {"state": "dreaming"}, count=7)
    mine = [claimed(stores, f"SM{number}") for number in range(4)]
    assert stores.turns.overdue(OVERDUE, 3) == mine[:3]


def test_a_turn_of_a_newer_version_is_an_error_that_may_pass(backend, stores):
    backend.keep("whatsapp_turns", "SM1", {"state": "dreaming"})
    for read in (lambda: stores.turns.find("SM1"), lambda: stores.turns.claim(turn("SM1"))):
        with pytest.raises(NewerDocumentError) as error:
            read()
        assert error.value.retryable
    assert backend.kept("whatsapp_turns", "SM1") == {"state": "dreaming"}


@pytest.mark.parametrize(
    "document",
    [{}, {"at": NOON}, {"reason": 5, "at": NOON}, {"at": NOON, "replayed_at": "x", "payload": []}],
)
def test_odd_dead_letters_hide_no_other(backend, stores, document):
    letter = DeadLetter("SM1", "expired", "{}", NOON - timedelta(hours=1))
    stores.dead_letters.keep(letter)
    backend.keep("dead_letters", "SMspoilt", document)
    assert letter in stores.dead_letters.newest(10)


@pytest.mark.parametrize("state", ["played", 5, None, {}])
def test_a_delivery_that_is_odd_takes_no_other_with_it(backend, stores, state):
    commit_sent(stores, claimed(stores, "SM1"), "SMa")
    backend.keep("whatsapp_deliveries", "SMb", {"state": state, "turn_id": 5})
    assert stores.deliveries.owners(["SMa", "SMb"]) == {"SMa": "SM1"}
    assert stores.deliveries.find("SMb").state in {DeliveryState.QUEUED, DeliveryState.SENT}


def test_a_delivery_of_a_newer_version_is_left_as_it_is(backend, stores):
    backend.keep("whatsapp_deliveries", "SMa", {"state": "played"})
    stores.deliveries.record(DeliveryReport("SMa", DeliveryState.FAILED, "63016"))
    assert backend.kept("whatsapp_deliveries", "SMa")["state"] == "played"


@pytest.mark.parametrize("value", [None, "many", {}, []])
def test_a_counter_that_is_none_counts_anew(backend, stores, value):
    backend.keep("whatsapp_counters", "questions", {"value": value})
    assert [stores.counters.count("questions", NOON) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    "changes",
    [
        {"parked": 5},
        {"parked": "SM1"},
        {"parked": [None, {}, ""]},
        {"recent": {"question": "x"}},
        {"recent": [5, None, {"question": []}]},
        {"usage": [1]},
        {"usage": {"tokens": "x", "asked": None, "counted_at": 5}},
        {"created_at": "yesterday", "last_active": 5},
        {"colour": {"of": ["a", "newer", {"version": NOON}]}},
    ],
    ids=repr,
)
def test_a_session_with_odd_or_unknown_fields_is_a_session(backend, stores, changes):
    backend.keep("whatsapp_sessions", PHONE, {"assistant_id": "python-expert", **changes})
    session = stores.conversations.read(PHONE, "").session
    assert session.assistant_id == "python-expert"
    assert session.parked == ()
    mine = stores.turns.commit(claimed(stores, "SM1"), (session_write(session),))
    assert mine.state is TurnState.THINKING
    kept = backend.kept("whatsapp_sessions", PHONE)
    assert kept.get("colour") == changes.get("colour")


def test_a_store_with_what_it_cannot_read_commits_the_rest(backend, stores):
    backend.keep("whatsapp_turns", "SM1", {"state": "dreaming"})
    other = claimed(stores, "SM2")
    done = stores.turns.commit(replace(other, state=TurnState.DELIVERED))
    assert stores.turns.find("SM2") == done
    with pytest.raises(DocumentError):
        stores.turns.find("SM1")


def test_without_a_new_thread_it_is_an_error_of_the_store_or_works_and_works_later(backend, stores):
    sent = DeliveryReport("SMa", DeliveryState.SENT)
    stores.deliveries.record(sent)
    for _ in range(3):
        with no_threads(), suppress(StoreError):
            stores.deliveries.find("SMa")
            assert stores.deliveries.await_report("SMa", 0.2).state is DeliveryState.SENT
        assert stores.deliveries.find("SMa").state is DeliveryState.SENT
        assert stores.deliveries.await_report("SMa", 5).state is DeliveryState.SENT
    assert stores.turns.claim(turn())[1]
