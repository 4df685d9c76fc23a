"""Renewing leases on a real SQLite store, with leases of a fraction of a second."""

import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation import turn as turns
from lib.conversation.lease import Keeper
from lib.conversation.turn import Verdict
from lib.errors import TurnTakenError
from lib.model import Catalogue, InboundMessage
from lib.storage.database import Database
from lib.storage.sqlite import SqliteStore
from lib.storage.table import create
from tests.processes import wait_for

SHORT = timedelta(seconds=0.3)


def now():
    return datetime.now(UTC)


@pytest.fixture
def store(tmp_path):
    database = Database(tmp_path / "gateway.db", create)
    yield SqliteStore(database, Catalogue(), now)
    database.close()


def claimed(store, number=1):
    message = InboundMessage(id=f"SM{number}", address="+15550001111", received_at=now())
    return store.claim(turns.start(message, "{}", now(), now() + SHORT))[0]


def test_a_lease_is_renewed_for_as_long_as_the_work_takes(store):
    keeper = Keeper(store, now, SHORT)
    with keeper.keeping(claimed(store)) as kept:
        end = time.monotonic() + 4 * SHORT.total_seconds()
        while time.monotonic() < end:
            assert turns.judge(store.turn("SM1"), now()) is Verdict.BUSY
            time.sleep(0.02)
    assert store.turn("SM1") == kept.turn
    assert store.commit(turns.answer(kept.turn, ["Hi"], now(), now() + SHORT)).chunks


def test_work_that_hangs_keeps_its_turn_no_longer_than_any_answer_takes(store, caplog):
    keeper = Keeper(store, now, SHORT, longest=2 * SHORT)
    with keeper.keeping(claimed(store)) as kept:
        time.sleep(SHORT.total_seconds())
        assert turns.judge(store.turn("SM1"), now()) is Verdict.BUSY
        wait_for(lambda: turns.judge(store.turn("SM1"), now()) is Verdict.RESUME, 5)
        other = store.commit(turns.resume(store.turn("SM1"), now() + timedelta(seconds=60)))
        time.sleep(SHORT.total_seconds())
    assert store.turn("SM1") == other
    with pytest.raises(TurnTakenError):
        store.commit(turns.answer(kept.turn, ["Hi"], now(), now() + SHORT))
    assert [record.levelname for record in caplog.records if "no longer" in record.msg] == ["ERROR"]


def test_nothing_is_renewed_afterwards(store):
    keeper = Keeper(store, now, SHORT)
    with keeper.keeping(claimed(store)):
        pass
    time.sleep(2 * SHORT.total_seconds())
    assert turns.judge(store.turn("SM1"), now()) is Verdict.RESUME


def test_short_work_costs_no_renewal(store):
    keeper = Keeper(store, now, timedelta(seconds=60))
    turn = claimed(store)
    with keeper.keeping(turn) as kept:
        time.sleep(0.1)
    assert kept.turn is turn


def test_a_turn_that_was_taken_is_not_taken_back(store):
    keeper = Keeper(store, now, SHORT)
    with keeper.keeping(claimed(store)) as kept:
        other = store.commit(turns.resume(store.turn("SM1"), now() + timedelta(seconds=60)))
        wait_for(lambda: kept.lost, 5)
    assert store.turn("SM1") == other
    with pytest.raises(TurnTakenError):
        store.commit(turns.answer(kept.turn, ["Hi"], now(), now() + SHORT))


def test_one_thread_keeps_many_turns(store):
    keeper = Keeper(store, now, SHORT)
    with (
        keeper.keeping(claimed(store, 1)),
        keeper.keeping(claimed(store, 2)),
        keeper.keeping(claimed(store, 3)),
    ):
        time.sleep(3 * SHORT.total_seconds())
        stored = [store.turn(f"SM{number}") for number in (1, 2, 3)]
    assert {turns.judge(turn, now()) for turn in stored} == {Verdict.BUSY}


def test_many_turns_begin_without_a_look_at_those_that_are_kept(store):
    looks = []

    def counting():
        looks.append(1)
        return now()

    keeper = Keeper(store, counting, timedelta(seconds=60))
    with ExitStack() as stack:
        for number in range(50):
            stack.enter_context(keeper.keeping(claimed(store, number)))
    assert not looks


def test_its_thread_ends_when_nothing_is_kept_and_begins_again(store):
    others = set(threading.enumerate())
    keeper = Keeper(store, now, SHORT)
    for number in (1, 2):
        with keeper.keeping(claimed(store, number)):
            assert set(threading.enumerate()) - others
        wait_for(lambda: not set(threading.enumerate()) - others, 5)
