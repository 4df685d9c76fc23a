"""What a person stops, on SQLite and on the real Firestore emulator."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import StoreError
from lib.model import TurnState, Usage
from tests.stores import NOON, turn

PHONE, USER_ID = "+15550001111", "US.1A2B3C"
MEXICO, MEXICO_OLD = "+525512345678", "+5215512345678"
LATER = NOON + timedelta(seconds=1)
LONG_AGO = NOON - timedelta(days=1000)
RUNNING = (TurnState.HELD, TurnState.THINKING, TurnState.ANSWERED)


def stopped(stores, address=PHONE, user_id=""):
    return stores.conversations.read(address, user_id).stopped_before


def test_who_stopped_nothing_is_known_by_that(stores):
    assert stopped(stores) is None


def test_the_latest_stop_counts_and_ends_after_a_day(backend, stores):
    for before in (NOON, LATER, NOON):
        stores.stops.mark(PHONE, before, NOON)
    assert stopped(stores) == LATER
    assert backend.kept("whatsapp_stops", PHONE)["expire_at"] == NOON + timedelta(days=1)


@pytest.mark.parametrize("address", [MEXICO, MEXICO_OLD])
def test_a_stop_holds_in_every_spelling_of_a_number(stores, address):
    stores.stops.mark(MEXICO_OLD, NOON, NOON)
    assert stopped(stores, address) == NOON


def test_a_stop_holds_for_somebody_who_hides_their_number_now(backend, stores):
    backend.keep("whatsapp_contacts", USER_ID, {"contact": PHONE})
    stores.stops.mark(PHONE, NOON, NOON)
    assert stopped(stores, USER_ID, USER_ID) == NOON


def test_what_is_no_stop_stops_nothing(backend, stores):
    for before in (None, "noon", 7, [NOON]):
        backend.keep("whatsapp_stops", PHONE, {"before": before, "usage": before})
        assert (stopped(stores) or LONG_AGO) < NOON - timedelta(days=365)
        stores.stops.mark(PHONE, NOON, NOON)
        assert stopped(stores) == NOON


def test_stops_at_once_are_each_counted_or_refused(backend, stores):
    def count(_):
        try:
            stores.stops.count(PHONE, lambda used: Usage(used.tokens + 1), NOON)
        except StoreError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        counted = sum(pool.map(count, range(8)))
    assert counted >= 1
    assert backend.kept("whatsapp_stops", PHONE)["usage"]["tokens"] == counted
    # The one field leaves the other as it is.
    stores.stops.mark(PHONE, NOON, NOON)
    assert backend.kept("whatsapp_stops", PHONE)["usage"]["tokens"] == counted
    assert stopped(stores) == NOON


@pytest.mark.parametrize("state", TurnState)
def test_a_turn_that_can_be_stopped_is_found_by_its_address(stores, state):
    mine, _ = stores.turns.claim(turn())
    stores.turns.claim(turn("SM2", "+15550002222"))
    moved = stores.turns.commit(replace(mine, state=state))
    assert stores.turns.running(PHONE, 10) == ([moved] if state in RUNNING else [])


def test_so_many_turns_are_found_at_most(stores):
    for number in range(5):
        stores.turns.claim(turn(f"SM{number}"))
    assert [one.id for one in stores.turns.running(PHONE, 3)] == ["SM0", "SM1", "SM2"]


def test_a_turn_that_the_version_before_settled_is_not_found(backend, stores):
    mine, _ = stores.turns.claim(turn())
    stores.turns.commit(replace(mine, state=TurnState.DELIVERED))
    # It leaves fields alone that it does not know.
    left = backend.kept("whatsapp_turns", "SM1") | {"running": PHONE}
    backend.keep("whatsapp_turns", "SM1", left)
    assert stores.turns.running(PHONE, 10) == []


def test_a_message_is_known_by_what_it_stopped(stores):
    mine, _ = stores.turns.claim(turn())
    assert not stores.turns.is_stopping("SMc")
    stores.turns.commit(replace(mine, state=TurnState.DELIVERED, stopped_by="SMc"))
    assert stores.turns.is_stopping("SMc")
    assert not stores.turns.is_stopping("")
