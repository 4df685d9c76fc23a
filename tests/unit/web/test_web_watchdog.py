"""The one thread that ends what takes too long."""

import threading
import time
from contextlib import ExitStack

from lib.web.watchdog import Watchdog
from tests.processes import wait_for

LONG = 60.0
SHORT = 0.1


def test_what_takes_too_long_is_ended_and_what_does_not_is_left_alone():
    watchdog, ended = Watchdog(), []
    with watchdog.watching(lambda: ended.append("long"), LONG):
        with watchdog.watching(lambda: ended.append("over"), SHORT):
            pass
        with watchdog.watching(lambda: ended.append("short"), SHORT):
            wait_for(lambda: ended)
            time.sleep(2 * SHORT)
    assert ended == ["short"]


def test_an_earlier_deadline_is_kept_behind_later_ones():
    watchdog, ended = Watchdog(), []
    with ExitStack() as stack:
        for seconds in (LONG, 4 * SHORT, 2 * SHORT, SHORT):
            end = ended.append
            stack.enter_context(watchdog.watching(lambda end=end, s=seconds: end(s), seconds))
        wait_for(lambda: len(ended) == 3)
    assert ended == [SHORT, 2 * SHORT, 4 * SHORT]


def test_no_time_at_all_is_ended_at_once():
    watchdog, ended = Watchdog(), threading.Event()
    with watchdog.watching(ended.set, -1.0):
        assert ended.wait(5)


def test_hundreds_at_once_take_one_thread_and_leave_nothing_behind():
    watchdog, before = Watchdog(), threading.active_count()
    assert threading.active_count() == before, "none before the first"
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(watchdog.watching(lambda: None, LONG))
        assert threading.active_count() == before + 1
    assert not watchdog._watched


def test_it_looks_through_what_it_watches_only_when_a_deadline_has_come():
    watchdog, looks = Watchdog(), []

    class Counted(dict):
        def items(self):
            looks.append(len(self))
            return super().items()

    watchdog._watched = Counted()
    for _ in range(1000):
        with watchdog.watching(lambda: None, LONG):
            pass
    # The thread looks as it starts, and for the first deadline, which is the earliest.
    assert len(looks) <= 2
