import resource
import threading

import pytest

from lib.queue.capacity import Capacity, affordable


@pytest.fixture
def computing():
    """Have some threads compute without a rest, as turns do that all have their answers."""
    stop = threading.Event()

    def compute():
        while not stop.is_set():
            sum(range(1000))

    threads = [threading.Thread(target=compute) for _ in range(4)]
    yield lambda: [thread.start() for thread in threads]
    stop.set()
    for thread in threads:
        thread.join()


def grown(capacity, tries=20):
    """How many are in hand after so many tries to begin more."""
    busy = 0
    for _ in range(tries):
        busy += capacity.room(busy)
    return busy


def test_those_that_wait_do_not_keep_others_from_beginning():
    assert grown(Capacity(200), tries=100) == 200


def test_a_few_are_begun_whatever_the_machine_does(computing):
    computing()
    assert Capacity(200).room(0) == 4


def test_few_are_begun_while_threads_compute(computing):
    computing()
    # A thread that is lucky is not held up: some get through, not all.
    assert grown(Capacity(200)) < 40


def test_one_at_a_time_is_begun_while_messages_flood_in():
    capacity = Capacity(200)
    with capacity.accepting():
        assert grown(capacity) > 4
        with capacity.accepting():
            assert capacity.room(0) == 1
            assert capacity.room(4) == 0
    assert capacity.room(0) == 4


def test_a_small_limit_is_kept():
    assert grown(Capacity(2)) == 2


@pytest.mark.parametrize(
    ("descriptors", "messages"), [(1, 1), (64, 2), (128, 13), (256, 34), (1024, 162), (4096, 256)]
)
def test_as_many_are_begun_as_there_are_descriptors_for(descriptors, messages):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, limits[1]))
    try:
        assert affordable(256) == messages
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
