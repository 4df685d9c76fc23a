"""Renewing leases on a real SQLite store, with leases of a fraction of a second."""

import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import ShortageError, StoreError, TurnTakenError
from lib.model import Catalogue, InboundMessage
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.store import SqliteStore
from lib.storage.sqlite.table import create
from lib.turn import moves
from lib.turn.lease import LeaseKeeper
from lib.turn.moves import Verdict
from tests.processes import wait_for
from tests.shortages import no_threads
from tests.turns import started

pytestmark = pytest.mark.slow

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
    return store.claim(started(message, "{}", now(), now() + SHORT))[0]


def test_a_lease_is_renewed_for_as_long_as_the_work_takes(store):
    keeper = LeaseKeeper(store, now, SHORT)
    with keeper.keeping(claimed(store)) as kept:
        end = time.monotonic() + 4 * SHORT.total_seconds()
        while time.monotonic() < end:
            assert moves.judge(store.turn("SM1"), now()) is Verdict.BUSY
            time.sleep(0.02)
    assert store.turn("SM1") == kept.turn
    assert store.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT)).chunks


def test_work_that_hangs_keeps_its_turn_no_longer_than_any_answer_takes(store, caplog):
    keeper = LeaseKeeper(store, now, SHORT, longest=2 * SHORT)
    with keeper.keeping(claimed(store)) as kept:
        time.sleep(SHORT.total_seconds())
        assert moves.judge(store.turn("SM1"), now()) is Verdict.BUSY
        wait_for(lambda: moves.judge(store.turn("SM1"), now()) is Verdict.RESUME, 5)
        other = store.commit(moves.resume(store.turn("SM1"), now() + timedelta(seconds=60)))
        time.sleep(SHORT.total_seconds())
    assert store.turn("SM1") == other
    with pytest.raises(TurnTakenError):
        store.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT))
    assert [record.levelname for record in caplog.records if "no longer" in record.msg] == ["ERROR"]


def test_nothing_is_renewed_afterwards(store):
    keeper = LeaseKeeper(store, now, SHORT)
    with keeper.keeping(claimed(store)):
        pass
    time.sleep(2 * SHORT.total_seconds())
    assert moves.judge(store.turn("SM1"), now()) is Verdict.RESUME


def test_short_work_costs_no_renewal(store):
    keeper = LeaseKeeper(store, now, timedelta(seconds=60))
    turn = claimed(store)
    with keeper.keeping(turn) as kept:
        time.sleep(0.1)
    assert kept.turn is turn


def test_a_turn_that_was_taken_is_not_taken_back(store):
    keeper = LeaseKeeper(store, now, SHORT)
    with keeper.keeping(claimed(store)) as kept:
        other = store.commit(moves.resume(store.turn("SM1"), now() + timedelta(seconds=60)))
        wait_for(lambda: kept.lost, 5)
    assert store.turn("SM1") == other
    with pytest.raises(TurnTakenError):
        store.commit(moves.answer(kept.turn, ["Hi"], now(), now() + SHORT))


def test_one_thread_keeps_many_turns(store):
    keeper = LeaseKeeper(store, now, SHORT)
    with (
        keeper.keeping(claimed(store, 1)),
        keeper.keeping(claimed(store, 2)),
        keeper.keeping(claimed(store, 3)),
    ):
        time.sleep(3 * SHORT.total_seconds())
        stored = [store.turn(f"SM{number}") for number in (1, 2, 3)]
    assert {moves.judge(turn, now()) for turn in stored} == {Verdict.BUSY}


def test_many_turns_begin_without_a_look_at_those_that_are_kept(store):
    looks = []

    def counting():
        looks.append(1)
        return now()

    keeper = LeaseKeeper(store, counting, timedelta(seconds=60))
    with ExitStack() as stack:
        for number in range(50):
            stack.enter_context(keeper.keeping(claimed(store, number)))
    assert not looks


def test_its_thread_ends_when_nothing_is_kept_and_begins_again(store):
    others = set(threading.enumerate())
    keeper = LeaseKeeper(store, now, SHORT)
    for number in (1, 2):
        with keeper.keeping(claimed(store, number)):
            assert set(threading.enumerate()) - others
        wait_for(lambda: not set(threading.enumerate()) - others, 5)


def test_without_a_thread_nothing_is_begun_and_it_works_later(store):
    keeper = LeaseKeeper(store, now, SHORT)
    turn = claimed(store)
    with no_threads(), pytest.raises(ShortageError), keeper.keeping(turn):
        raise AssertionError
    with keeper.keeping(turn):
        wait_for(lambda: store.turn("SM1").lease_until > turn.lease_until, 5)


class Moody:
    """A store that raises what it is told, and works otherwise."""

    def __init__(self, store, *failures):
        self.store, self.failures, self.commits = store, list(failures), 0

    def commit(self, turn):
        self.commits += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.store.commit(turn)


@pytest.mark.parametrize(
    "failure",
    [StoreError("x"), RuntimeError("x"), MemoryError(), OSError("x"), KeyError("x"), ValueError()],
)
def test_whatever_fails_in_a_renewal_it_is_told_and_renewed_again(store, failure, caplog):
    moody = Moody(store, failure, failure)
    keeper = LeaseKeeper(moody, now, timedelta(seconds=1))
    turn = claimed(store)
    with keeper.keeping(turn):
        wait_for(lambda: store.turn("SM1").lease_until > turn.lease_until, 5)
    assert sum("lease not renewed" in one.getMessage() for one in caplog.records) == 2


def test_a_turn_whose_renewal_fails_takes_no_other_with_it(store):
    class Spoilt(Moody):
        def commit(self, turn):
            if turn.id == "SM1":
                raise RuntimeError("spoilt")
            return self.store.commit(turn)

    keeper = LeaseKeeper(Spoilt(store), now, SHORT)
    first, second = claimed(store, 1), claimed(store, 2)
    with keeper.keeping(first), keeper.keeping(second):
        wait_for(lambda: store.turn("SM2").lease_until > second.lease_until + SHORT, 5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_keeper_whose_thread_is_gone_has_a_new_one(store):
    def broken():
        # Neither an error nor caught as one: what ends a thread that is being torn down.
        raise SystemExit

    clocks = [broken]
    keeper = LeaseKeeper(store, lambda: clocks.pop()() if clocks else now(), SHORT)
    first, second = claimed(store, 1), claimed(store, 2)
    others = set(threading.enumerate())
    with keeper.keeping(first):
        wait_for(lambda: not set(threading.enumerate()) - others, 5)
        with keeper.keeping(second):
            wait_for(lambda: store.turn("SM1").lease_until > first.lease_until, 5)
