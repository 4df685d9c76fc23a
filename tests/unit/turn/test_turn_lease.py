"""Renewing leases on a real SQLite store, with leases of a fraction of a second."""

import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import ShortageError, StoreError, TurnTakenError
from lib.model import Catalogue, InboundMessage
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores.turns import Turns
from lib.turn import moves
from lib.turn.lease import LeaseKeeper
from lib.turn.moves import Verdict
from tests.processes import wait_for
from tests.shortages import no_threads
from tests.turns import started
from tests.watched import WatchedDocuments

pytestmark = pytest.mark.slow

SHORT = timedelta(seconds=0.6)


def now():
    return datetime.now(UTC)


@pytest.fixture
def storage(tmp_path):
    database = Database(tmp_path / "gateway.db", create)
    yield SqliteStorage(database, Catalogue(), now)
    database.close()


@pytest.fixture
def turns(storage):
    return storage.stores.turns


def claimed(turns, number=1):
    message = InboundMessage(id=f"SM{number}", address="+15550001111", received_at=now())
    return turns.claim(started(message, "{}", now(), now() + SHORT))[0]


def test_a_lease_is_renewed_for_as_long_as_the_work_takes(turns):
    keeper = LeaseKeeper(turns, now, SHORT)
    with keeper.keeping(claimed(turns)) as kept:
        end = time.monotonic() + 4 * SHORT.total_seconds()
        while time.monotonic() < end:
            assert moves.judge(turns.find("SM1"), now()) is Verdict.BUSY
            time.sleep(0.02)
    assert turns.find("SM1") == kept.turn
    assert turns.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT)).chunks


def test_work_that_hangs_keeps_its_turn_no_longer_than_any_answer_takes(turns, caplog):
    keeper = LeaseKeeper(turns, now, SHORT, longest=2 * SHORT)
    with keeper.keeping(claimed(turns)) as kept:
        time.sleep(SHORT.total_seconds())
        assert moves.judge(turns.find("SM1"), now()) is Verdict.BUSY
        assert not kept.stop.given
        wait_for(lambda: moves.judge(turns.find("SM1"), now()) is Verdict.RESUME, 5)
        # What it waits for, such as an assistant, is let go of.
        assert kept.stop.given
        other = turns.commit(moves.resume(turns.find("SM1"), now() + timedelta(seconds=60)))
        time.sleep(SHORT.total_seconds())
    assert turns.find("SM1") == other
    with pytest.raises(TurnTakenError):
        turns.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT))
    assert [record.levelname for record in caplog.records if "no longer" in record.msg] == ["ERROR"]


def test_nothing_is_renewed_afterwards(turns):
    keeper = LeaseKeeper(turns, now, SHORT)
    with keeper.keeping(claimed(turns)):
        pass
    time.sleep(2 * SHORT.total_seconds())
    assert moves.judge(turns.find("SM1"), now()) is Verdict.RESUME


def test_short_work_costs_no_renewal(turns):
    keeper = LeaseKeeper(turns, now, timedelta(seconds=60))
    turn = claimed(turns)
    with keeper.keeping(turn) as kept:
        time.sleep(0.1)
    assert kept.turn is turn


def test_a_turn_that_was_taken_is_not_taken_back(turns):
    keeper = LeaseKeeper(turns, now, SHORT)
    with keeper.keeping(claimed(turns)) as kept:
        other = turns.commit(moves.resume(turns.find("SM1"), now() + timedelta(seconds=60)))
        wait_for(lambda: kept.lost, 5)
    assert turns.find("SM1") == other
    with pytest.raises(TurnTakenError):
        turns.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT))


def test_one_thread_keeps_many_turns(turns):
    keeper = LeaseKeeper(turns, now, SHORT)
    with (
        keeper.keeping(claimed(turns, 1)),
        keeper.keeping(claimed(turns, 2)),
        keeper.keeping(claimed(turns, 3)),
    ):
        time.sleep(3 * SHORT.total_seconds())
        stored = [turns.find(f"SM{number}") for number in (1, 2, 3)]
    assert {moves.judge(turn, now()) for turn in stored} == {Verdict.BUSY}


def test_many_turns_begin_without_a_look_at_those_that_are_kept(turns):
    looks = []

    def counting():
        looks.append(1)
        return now()

    keeper = LeaseKeeper(turns, counting, timedelta(seconds=60))
    with ExitStack() as stack:
        for number in range(50):
            stack.enter_context(keeper.keeping(claimed(turns, number)))
    assert not looks


def test_its_thread_ends_when_nothing_is_kept_and_begins_again(turns):
    others = set(threading.enumerate())
    keeper = LeaseKeeper(turns, now, SHORT)
    for number in (1, 2):
        with keeper.keeping(claimed(turns, number)):
            assert set(threading.enumerate()) - others
        wait_for(lambda: not set(threading.enumerate()) - others, 5)


def test_without_a_thread_nothing_is_begun_and_it_works_later(turns):
    keeper = LeaseKeeper(turns, now, SHORT)
    turn = claimed(turns)
    with no_threads(), pytest.raises(ShortageError), keeper.keeping(turn):
        raise AssertionError
    with keeper.keeping(turn):
        wait_for(lambda: turns.find("SM1").lease_until > turn.lease_until, 5)


@pytest.mark.parametrize(
    "failure",
    [StoreError("x"), RuntimeError("x"), MemoryError(), OSError("x"), KeyError("x"), ValueError()],
)
def test_whatever_fails_in_a_renewal_it_is_told_and_renewed_again(storage, turns, failure, caplog):
    failures = [failure, failure]

    def fail_twice(operation, key):
        if operation == "write_if" and failures:
            raise failures.pop()

    watched = Turns(WatchedDocuments(storage.documents, fail_twice))
    keeper = LeaseKeeper(watched, now, timedelta(seconds=1))
    turn = claimed(turns)
    with keeper.keeping(turn):
        wait_for(lambda: turns.find("SM1").lease_until > turn.lease_until, 5)
    assert sum("lease not renewed" in one.getMessage() for one in caplog.records) == 2


def test_a_turn_whose_renewal_fails_takes_no_other_with_it(storage, turns):
    def spoil_the_first(operation, key):
        if (operation, key.id) == ("write_if", "SM1"):
            raise RuntimeError("spoilt")

    keeper = LeaseKeeper(Turns(WatchedDocuments(storage.documents, spoil_the_first)), now, SHORT)
    first, second = claimed(turns, 1), claimed(turns, 2)
    with keeper.keeping(first), keeper.keeping(second):
        wait_for(lambda: turns.find("SM2").lease_until > second.lease_until + SHORT, 5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_keeper_whose_thread_is_gone_has_a_new_one(turns):
    def broken():
        # Neither an error nor caught as one: what ends a thread that is being torn down.
        raise SystemExit

    clocks = [broken]
    keeper = LeaseKeeper(turns, lambda: clocks.pop()() if clocks else now(), SHORT)
    first, second = claimed(turns, 1), claimed(turns, 2)
    others = set(threading.enumerate())
    with keeper.keeping(first):
        wait_for(lambda: not set(threading.enumerate()) - others, 5)
        with keeper.keeping(second):
            wait_for(lambda: turns.find("SM1").lease_until > first.lease_until, 5)
