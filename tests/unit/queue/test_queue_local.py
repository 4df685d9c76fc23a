import itertools
import os
import signal
import sqlite3
import subprocess
import threading
import time
import tracemalloc
from datetime import timedelta

import pytest

from lib.backoff import Backoff, LastResort
from lib.errors import QueueError
from lib.queue import rows
from lib.queue.envelope import encode
from lib.queue.local import LocalQueue
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.file import connect
from tests.processes import ROOT, python, wait_for
from tests.queues import ANN, BOB, QUICK, Endpoint, local_queue, message, now

pytestmark = pytest.mark.slow


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture
def database(tmp_path):
    opened = Database(tmp_path / "queue.db", rows.create)
    yield opened
    opened.close()


def fill(database, messages):
    """Queue many messages quickly: in one transaction."""
    with database.transaction() as table:
        for one in messages:
            table.execute(*rows.addition(one.address, *encode(one), now()))


def threads_of_queues():
    return [one for one in threading.enumerate() if one.name.startswith("queue")]


# QueueDelivery


@pytest.mark.parametrize("status", [102, 200, 201, 202, 204])
def test_these_statuses_acknowledge(tmp_path, endpoint, status):
    endpoint.statuses = {"SM1": [status]}
    with local_queue(tmp_path, endpoint) as queue:
        queue.publish(message(1))
        wait_for(lambda: queue.depth() == 0)
    assert endpoint.ids() == ["SM1"]


@pytest.mark.parametrize("status", [0, 100, 203, 205, 301, 400, 404, 429, 500, 503])
def test_every_other_status_is_a_refusal(tmp_path, endpoint, status):
    endpoint.statuses = {"SM1": [status]}
    with local_queue(tmp_path, endpoint) as queue:
        queue.publish(message(1))
        wait_for(lambda: queue.depth() == 0)
    assert endpoint.ids() == ["SM1", "SM1"]


def test_a_push_that_raises_is_a_refusal(database, endpoint):
    failures = [RuntimeError("boom"), OSError("boom")]

    def push(body):
        if failures:
            raise failures.pop()
        return endpoint.take(body)

    queue = LocalQueue(database, now, backoff=QUICK)
    queue.start(push)
    queue.publish(message(1))
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert [one.attempt for one in endpoint.pushed] == [3]


def test_each_attempt_is_counted_and_waits_longer(tmp_path, endpoint):
    endpoint.statuses = {"SM1": [503] * 5}
    with local_queue(tmp_path, endpoint, backoff=Backoff(0.1, 0.8)) as queue:
        queue.publish(message(1))
        wait_for(lambda: queue.depth() == 0)
    assert [one.attempt for one in endpoint.pushed] == [1, 2, 3, 4, 5, 6]
    waits = [later - earlier for earlier, later in itertools.pairwise(endpoint.times)]
    for wait, full in zip(waits, [0.1, 0.2, 0.4, 0.8, 0.8], strict=True):
        assert full / 2 <= wait < full + 20


def test_a_message_is_pushed_as_soon_as_it_is_published(tmp_path, endpoint):
    with local_queue(tmp_path, endpoint) as queue:
        waits = []
        for number in range(20):
            started = time.monotonic()
            queue.publish(message(number))
            wait_for(lambda count=number: len(endpoint.times) > count, interval=0.001)
            waits.append(endpoint.times[number] - started)
            # So that the queue goes to rest in between.
            time.sleep(0.02)
    assert sorted(waits)[10] < 0.3


def test_a_message_that_another_process_published_is_found(tmp_path, endpoint):
    with local_queue(tmp_path, endpoint) as queue:
        wait_for(lambda: queue.depth() == 0)
        other = Database(tmp_path / "queue.db", rows.create)
        LocalQueue(other, now).publish(message(1))
        wait_for(endpoint.ids)
        other.close()


def test_as_many_messages_are_in_hand_as_there_are_workers(tmp_path, endpoint):
    endpoint.held = {f"SM{number}" for number in range(20)}
    with local_queue(tmp_path, endpoint, workers=4) as queue:
        for number in range(20):
            queue.publish(message(number, f"+1555000{number:04d}"))
        wait_for(lambda: len(endpoint.ids()) == 4)
        time.sleep(0.2)
        assert len(endpoint.ids()) == 4
        endpoint.release()
        wait_for(lambda: queue.depth() == 0)
    assert sorted(endpoint.ids()) == sorted(endpoint.held)


# The last resort


def test_what_overtakes_waits_for_nobody_who_is_in_hand(tmp_path, endpoint):
    endpoint.held = {"SM1"}
    with local_queue(tmp_path, endpoint, workers=1) as queue:
        queue.publish(message(1))
        wait_for(lambda: endpoint.ids() == ["SM1"])
        queue.publish(message(2, BOB))
        queue.publish(message(3, BOB), fast=True)
        queue.publish(message(4, ANN), fast=True)
        wait_for(lambda: len(endpoint.ids()) == 3)
        assert endpoint.ids() == ["SM1", "SM3", "SM4"]
        endpoint.release()
        wait_for(lambda: queue.depth() == 0)
    assert endpoint.ids()[3:] == ["SM2"]


def test_what_overtakes_comes_first_after_a_start(tmp_path, endpoint, database):
    queue = LocalQueue(database, now, workers=1)
    for number in range(40):
        queue.publish(message(number, f"+1555000{number:04d}"))
    queue.publish(message(99, BOB), fast=True)
    endpoint.held = {f"SM{number}" for number in range(40)}
    queue.start(endpoint.take)
    wait_for(lambda: "SM99" in endpoint.ids())
    assert len(endpoint.ids()) <= 2
    endpoint.release()
    wait_for(lambda: queue.depth() == 0)
    queue.stop()


@pytest.mark.parametrize(
    ("fast", "refusals", "most"),
    [(True, 0, 1000), (True, 4, 1000), (True, 5, 2000), (False, 4, 16_000), (False, 5, 32_000)],
)
def test_what_overtakes_is_looked_at_again_soon(database, endpoint, fast, refusals, most):
    queue = LocalQueue(database, now, backoff=Backoff(1000, 100_000))
    queue.publish(message(1), fast=fast)
    endpoint.statuses = {"SM1": [503]}
    database.execute(("UPDATE queued SET refusals = ?", (refusals,)))
    began = now().timestamp()
    queue.start(endpoint.take)
    wait_for(endpoint.ids)
    queue.stop()
    with database.reading() as table:
        ((due,),) = table.execute("SELECT due_at FROM queued").fetchall()
    # A minute for a machine that is busy.
    assert most / 2 <= due - began <= most + 60


def test_a_message_refused_too_often_is_buried_and_the_next_one_goes_on(tmp_path, endpoint):
    given_up = []
    endpoint.statuses = {"SM1": [503, 500, 500]}
    last_resort = LastResort(3, lambda body, reason: given_up.append((body, reason)))
    with local_queue(tmp_path, endpoint, last_resort=last_resort) as queue:
        queue.publish(message(1))
        queue.publish(message(2))
        wait_for(lambda: queue.depth() == 0)
    assert endpoint.ids() == ["SM1", "SM1", "SM1", "SM2"]
    assert given_up == [(endpoint.bodies[2], "status 500")]


def test_a_burial_that_fails_is_tried_again_without_another_push(tmp_path, endpoint):
    endpoint.statuses = {"SM1": [503, 503]}
    failures = [RuntimeError("boom")]
    reasons = []

    def give_up(body, reason):
        if failures:
            raise failures.pop()
        reasons.append(reason)

    with local_queue(tmp_path, endpoint, last_resort=LastResort(1, give_up)) as queue:
        queue.publish(message(1))
        wait_for(lambda: queue.depth() == 0)
    assert endpoint.ids() == ["SM1"]
    assert reasons == ["no answer"]


# Trouble


def test_a_message_whose_deletion_fails_is_not_pushed_meanwhile(database, endpoint):
    queue = LocalQueue(database, now, backoff=QUICK)
    queue.publish(message(1))
    queue.publish(message(2))
    with database.transaction() as table:
        table.execute(
            "CREATE TRIGGER broken BEFORE DELETE ON queued BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    queue.start(endpoint.take)
    time.sleep(1.5)
    assert endpoint.ids() == ["SM1"]
    with database.transaction() as table:
        table.execute("DROP TRIGGER broken")
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert endpoint.ids() == ["SM1", "SM2"]


def test_a_database_locked_for_long_only_delays(endpoint, tmp_path):
    quick = Database(tmp_path / "queue.db", rows.create, busy_seconds=0.05)
    queue = LocalQueue(quick, now, backoff=QUICK)
    queue.publish(message(1))
    other = connect(tmp_path / "queue.db")
    other.execute("BEGIN IMMEDIATE")
    queue.start(endpoint.take)
    with pytest.raises(QueueError):
        queue.publish(message(2))
    time.sleep(0.3)
    assert endpoint.ids() == []
    other.execute("ROLLBACK")
    other.close()
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    quick.close()
    assert endpoint.ids() == ["SM1"]


def test_a_clock_set_back_does_not_hold_up_messages(database, endpoint):
    LocalQueue(database, now).publish(message(1))
    queue = LocalQueue(database, lambda: now() - timedelta(days=1))
    queue.start(endpoint.take)
    wait_for(endpoint.ids)
    queue.stop()


# Start and end


def test_what_is_in_hand_at_the_end_is_finished_or_comes_again(database, endpoint):
    endpoint.held = {"SM2"}
    queue = LocalQueue(database, now)
    queue.start(endpoint.take)
    queue.publish(message(2, BOB))
    wait_for(endpoint.ids)
    for number in range(3, 6):
        queue.publish(message(number, BOB))
    started = time.monotonic()
    queue.stop(0.5)
    assert 0.4 < time.monotonic() - started < 25
    assert queue.depth() == 4
    endpoint.release()
    wait_for(lambda: not threads_of_queues())
    # Too late to count: the books are closed.
    assert queue.depth() == 4
    queue.start(endpoint.take)
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert endpoint.ids() == ["SM2", "SM2", "SM3", "SM4", "SM5"]
    assert [one.attempt for one in endpoint.pushed] == [1, 2, 1, 1, 1]


def test_the_end_waits_for_what_is_in_hand_and_for_nothing_else(database, endpoint):
    endpoint.held = {"SM1"}
    queue = LocalQueue(database, now)
    queue.start(endpoint.take)
    queue.publish(message(1))
    wait_for(endpoint.ids)
    queue.publish(message(2))
    threading.Timer(0.3, endpoint.release).start()
    started = time.monotonic()
    queue.stop(100)
    assert 0.2 < time.monotonic() - started < 50
    assert endpoint.ids() == ["SM1"]
    assert queue.depth() == 1


def test_nothing_is_left_of_a_queue_that_was_stopped(database, endpoint):
    queue = LocalQueue(database, now)
    queue.start(endpoint.take)
    queue.publish(message(1, BOB))
    wait_for(lambda: endpoint.ids() == ["SM1"])
    # The one that keeps the books, and one for the message that was in hand.
    assert len(threads_of_queues()) == 2
    queue.stop()
    wait_for(lambda: not threads_of_queues())
    queue.stop()
    queue.publish(message(1))
    time.sleep(0.1)
    assert endpoint.ids() == ["SM1"]


def test_it_is_not_drained_twice_at_once(tmp_path, endpoint):
    with local_queue(tmp_path, endpoint) as queue, pytest.raises(RuntimeError):
        queue.start(endpoint.take)


# Many messages


def test_a_long_queue_of_one_address_holds_up_nobody(database, endpoint):
    fill(database, [message(number) for number in range(3000)])
    fill(database, [message(number, f"+1555{number:07d}") for number in range(3000, 3100)])
    endpoint.held = {"SM0"}
    queue = LocalQueue(database, now)
    queue.start(endpoint.take)
    wait_for(lambda: len(endpoint.ids()) == 101)
    assert endpoint.ids(ANN) == ["SM0"]
    endpoint.release()
    queue.stop()


def test_memory_does_not_grow_with_the_length_of_the_queue(database):
    # Twenty megabytes of messages.
    text = "x" * 10_000
    fill(database, (message(n, f"+1555{n:07d}", reply_to=text) for n in range(2000)))
    gone = threading.Event()
    numbers = itertools.count(1)

    def push(body):
        if next(numbers) == 2000:
            gone.set()
        return 204

    queue = LocalQueue(database, now, workers=32)
    tracemalloc.start()
    try:
        queue.start(push)
        assert gone.wait(60)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        queue.stop()
    assert queue.depth() == 0
    assert peak < 4 * 1024 * 1024


# Kill -9

PROGRAM = """
import os, sys, time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from lib.model import InboundMessage
from lib.queue import rows
from lib.queue.push import decode_push
from lib.queue.local import LocalQueue
from lib.storage.sqlite.database import Database

def now():
    return datetime.now(UTC)

def note(name, body):
    file = os.open(folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, decode_push(body).item.id.encode() + b"\\n")
    os.close(file)

def push(body):
    note("begun", body)
    time.sleep(float(sys.argv[3]))
    note("done", body)
    return 204

folder = Path(sys.argv[1])
queue = LocalQueue(Database(folder / "queue.db", rows.create), now, workers=4)
queue.start(push)
for number in count(int(sys.argv[2])):
    queue.publish(InboundMessage(f"SM{number}", f"+1555000{number % 7:04d}", now()))
    print(number, flush=True)
"""


def noted(folder, name):
    file = folder / name
    return file.read_text().split() if file.exists() else []


def killed_after(folder, lines, *, first=0, slow=0.002, begun=0):
    """Publish and push in a process, kill it, and give the numbers it said it had published.

    It is killed once it said so many lines and has begun to push so many messages.
    """
    process = subprocess.Popen(
        python("-c", PROGRAM, str(folder), str(first), str(slow)),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process.stdout as output:
        said = [output.readline() for _ in range(lines)]
        wait_for(lambda: len(noted(folder, "begun")) >= begun)
        process.send_signal(signal.SIGKILL)
        said += output.readlines()
    process.wait()
    return [int(line) for line in said if line.endswith("\n")]


def test_kills_at_any_moment_lose_nothing_and_keep_the_order(tmp_path, database, endpoint):
    published = []
    for lines in (1, 37, 150, 80):
        published += killed_after(tmp_path, lines, first=len(published) * 10)
    queue = LocalQueue(database, now)
    left = queue.depth()
    queue.start(endpoint.take)
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    before = noted(tmp_path, "done")
    delivered = [int(one[2:]) for one in before + endpoint.ids()]
    assert left > 0
    assert before
    assert set(published) <= set(delivered)
    for remainder in range(7):
        mine = [number for number in dict.fromkeys(delivered) if number % 7 == remainder]
        assert mine == sorted(mine)


def test_a_kill_with_messages_in_hand_is_an_attempt(tmp_path, database, endpoint):
    killed_after(tmp_path, 10, slow=60, begun=4)
    queue = LocalQueue(database, now)
    queue.start(endpoint.take)
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    begun = noted(tmp_path, "begun")
    assert len(begun) == 4
    for one in endpoint.pushed:
        assert one.attempt == (2 if one.item.id in begun else 1)


def test_a_database_of_another_kind_is_an_error_of_the_queue(tmp_path):
    (tmp_path / "queue.db").write_bytes(b"This is no database, however long it is. " * 100)
    with pytest.raises(QueueError) as failure:
        LocalQueue(Database(tmp_path / "queue.db", rows.create), now).publish(message(1))
    assert isinstance(failure.value.__cause__, sqlite3.DatabaseError)
