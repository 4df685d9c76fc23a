import errno
import logging
import os
import socket
import ssl

import pytest

from lib.errors import ShortageError
from lib.shortage import has_descriptors, is_shortage, start_thread
from tests.shortages import no_descriptors, no_threads

OURS = [
    *(OSError(getattr(errno, n), "x") for n in ("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS")),
    BlockingIOError(errno.EAGAIN, "x"),
    MemoryError(),
    ShortageError("x"),
]
OTHERS = [
    ConnectionRefusedError(errno.ECONNREFUSED, "x"),
    OSError(errno.EHOSTUNREACH, "x"),
    OSError("x"),
    TimeoutError(errno.ETIMEDOUT, "x"),
    # These count in numbers of their own.
    ssl.SSLError(errno.EAGAIN, "x"),
    socket.gaierror(errno.EAGAIN, "x"),
    RuntimeError("x"),
    ValueError("x"),
]


@pytest.mark.parametrize("error", OURS, ids=repr)
def test_these_are_our_own(error):
    assert is_shortage(error)


@pytest.mark.parametrize("error", OTHERS, ids=repr)
def test_these_are_not(error):
    assert not is_shortage(error)


def test_what_the_system_says_without_descriptors_is_a_shortage():
    assert has_descriptors()
    with no_descriptors():
        assert not has_descriptors()
        with pytest.raises(OSError) as failure:
            socket.socket()
    assert is_shortage(failure.value)
    assert has_descriptors()


def test_what_is_closed_meanwhile_does_not_end_a_shortage():
    left = [os.open(os.devnull, os.O_RDONLY) for _ in range(3)]
    with no_descriptors():
        for descriptor in left:
            os.close(descriptor)
            assert not has_descriptors()
    left = os.open(os.devnull, os.O_RDONLY)
    with no_descriptors(reusable=True):
        assert not has_descriptors()
        os.close(left)
        assert has_descriptors()


def test_a_thread_that_cannot_be_had_is_a_shortage():
    done = []
    with no_threads(), pytest.raises(ShortageError, match="no thread for work"):
        start_thread(lambda: done.append(1), "work")
    start_thread(lambda: done.append(2), "work").join()
    assert done == [2]


def test_work_that_fails_in_a_thread_is_told_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        start_thread(lambda: 1 / 0, "work").join()
    (record,) = caplog.records
    assert (record.getMessage(), record.work) == ("thread failed", "work")
    assert record.exc_info
