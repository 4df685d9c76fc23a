"""A value that is read again beside other work."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import StoreError
from lib.storage.catalogue.cached import Cached
from tests.shortages import no_threads

MINUTE = timedelta(minutes=1)


class Source:
    """Counts how often it is read, and can be slow or broken."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self.reads = 0
        self.broken = False
        self.open = threading.Event()
        self.open.set()
        self.cached = Cached(self.read, lambda: self.now, fresh=MINUTE, usable=10 * MINUTE)

    def read(self):
        assert self.open.wait(5)
        self.reads += 1
        if self.broken:
            raise StoreError("down")
        return self.reads

    def value(self):
        return self.cached.begin().result(5)


@pytest.fixture
def source():
    return Source()


def test_a_fresh_value_is_not_read_again(source):
    assert [source.value(), source.value()] == [1, 1]
    source.now += MINUTE - timedelta(seconds=1)
    assert source.value() == 1


def test_a_value_that_is_no_longer_fresh_is_read_again(source):
    source.value()
    source.now += MINUTE
    assert [source.value(), source.value()] == [2, 2]


def test_beginning_does_not_wait_and_all_who_ask_share_one_read(source):
    source.open.clear()
    begun = [source.cached.begin() for _ in range(10)]
    assert not any(future.done() for future in begun)
    source.open.set()
    assert [future.result(5) for future in begun] == [1] * 10


def test_an_old_value_serves_while_reading_fails_and_is_tried_again_each_time(source):
    source.value()
    source.broken = True
    source.now += 10 * MINUTE
    assert [source.value(), source.value()] == [1, 1]
    assert source.reads == 3
    source.broken = False
    assert source.value() == 4


def test_a_value_that_is_too_old_serves_no_longer(source):
    source.value()
    source.broken = True
    source.now += 10 * MINUTE + timedelta(seconds=1)
    with pytest.raises(StoreError):
        source.value()


def test_a_first_read_that_fails_is_tried_again(source):
    source.broken = True
    with pytest.raises(StoreError):
        source.value()
    source.broken = False
    assert source.value() == 2


def test_without_a_thread_it_is_read_all_the_same(source):
    with no_threads():
        assert source.value() == 1
        source.now += 2 * MINUTE
        source.broken = True
        assert source.value() == 1
    source.broken = False
    source.now += 2 * MINUTE
    assert source.value() > 1


def test_without_a_thread_a_failure_is_raised_by_the_value(source):
    source.broken = True
    with no_threads():
        pending = source.cached.begin()
    with pytest.raises(StoreError):
        pending.result(5)


def test_whatever_fails_an_old_value_serves_on(source, caplog):
    source.value()
    source.now += 2 * MINUTE
    source.cached._load = lambda: {}["secret name"]
    assert source.value() == 1
    assert "KeyError" in [one.reason for one in caplog.records]
    assert "secret" not in caplog.text
