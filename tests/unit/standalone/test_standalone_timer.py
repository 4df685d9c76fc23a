import logging
from contextlib import ExitStack

import pytest

from lib.errors import ShortageError, StoreError
from standalone.timer import every
from tests.processes import wait_for
from tests.shortages import no_threads


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize(
    "failure",
    [StoreError("down"), RuntimeError("x"), MemoryError(), KeyError("x"), OSError(24, "x")],
    ids=repr,
)
def test_whatever_fails_it_is_told_and_done_again(stack, caplog, failure):
    failures, done = [failure, failure], []

    def work():
        if failures:
            raise failures.pop()
        done.append(True)

    every(0.01, "tick", work, stack)
    wait_for(lambda: len(done) > 2)
    told = [one for one in caplog.records if one.getMessage() == "tick failed"]
    assert len(told) == 2
    assert all(one.levelno >= logging.WARNING for one in told)


def test_it_ends_with_the_stack(stack):
    done = []
    every(0.01, "tick", lambda: done.append(True), stack)
    wait_for(lambda: done)
    stack.close()
    wait_for(lambda: (before := len(done)) and not wait_ends(done, before))


def wait_ends(done, before):
    """Whether it was done again within many intervals."""
    try:
        return wait_for(lambda: len(done) > before, 0.2)
    except AssertionError:
        return False


def test_without_a_thread_it_does_not_begin(stack):
    with no_threads(), pytest.raises(ShortageError):
        every(0.01, "tick", lambda: None, stack)
