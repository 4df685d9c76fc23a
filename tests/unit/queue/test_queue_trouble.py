"""The local queue where the system gives no threads, and where rows are spoilt."""

import logging
import threading
import time

import pytest

from lib.backoff import LastResort
from lib.errors import EnvelopeError, ShortageError
from lib.queue import rows
from lib.queue.envelope import encode
from lib.queue.local import LocalQueue
from lib.queue.push import decode_push
from lib.storage.sqlite.database import Database
from tests.processes import wait_for
from tests.queues import QUICK, message, now
from tests.shortages import no_threads

pytestmark = pytest.mark.slow

PEOPLE = [f"+1555000{number:04d}" for number in range(60)]


@pytest.fixture
def database(tmp_path):
    opened = Database(tmp_path / "queue.db", rows.create)
    yield opened
    opened.close()


class Pushed:
    """What was pushed, by address; the first pushes are held while ``held``."""

    def __init__(self):
        self.ids, self.held = [], threading.Event()
        self.held.set()
        self._lock = threading.Lock()

    def __call__(self, body):
        with self._lock:
            self.ids.append(body)
        self.held.wait(20)
        return 204


def running_queue(database, push, **options):
    queue = LocalQueue(database, now, backoff=QUICK, **options)
    queue.start(push)
    return queue


def test_what_no_thread_can_be_had_for_comes_again_and_is_no_attempt(database):
    attempts = []
    queue = running_queue(database, lambda body: attempts.append(body) or 204)
    with no_threads():
        for number, person in enumerate(PEOPLE):
            queue.publish(message(number, person))
        time.sleep(1.5)
        assert not attempts
        assert queue.depth() == len(PEOPLE)
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert len(attempts) == len(PEOPLE)
    assert all(b'"deliveryAttempt": 1,' in body for body in attempts)


def test_those_there_are_threads_for_are_answered_meanwhile_and_nobody_is_stuck(database, caplog):
    pushed = Pushed()
    pushed.held.clear()
    queue = running_queue(database, pushed)
    for number, person in enumerate(PEOPLE[:5]):
        queue.publish(message(number, person))
    wait_for(lambda: len(pushed.ids) == 5)
    with no_threads():
        for number, person in enumerate(PEOPLE * 2, 5):
            queue.publish(message(number, person))
        time.sleep(0.3)
        assert len(pushed.ids) == 5
        pushed.held.set()
        # Five threads do what sixty would: later messages of the same people, and new people.
        wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert len(pushed.ids) == 5 + 2 * len(PEOPLE)
    said = [one for one in caplog.records if "no more threads" in one.getMessage()]
    assert said
    assert said[0].levelno == logging.ERROR


def test_a_queue_that_cannot_begin_says_so_and_can_begin_later(database):
    queue = LocalQueue(database, now)
    with no_threads(), pytest.raises(ShortageError):
        queue.start(lambda _body: 204)
    queue.stop()
    queue.start(lambda _body: 204)
    queue.publish(message(1))
    wait_for(lambda: queue.depth() == 0)
    queue.stop()


def test_a_push_that_would_end_its_thread_is_a_refusal(database):
    failures = [SystemExit(1), KeyboardInterrupt(), GeneratorExit()]
    done = []

    def push(body):
        if failures:
            raise failures.pop()
        done.append(body)
        return 204

    queue = running_queue(database, push)
    queue.publish(message(1))
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert len(done) == 1


STILL_A_MESSAGE = [
    "attributes = 'no JSON'",
    "attributes = '[1, 2]'",
    "attributes = x'ff00'",
    "attributes = '{\"trace_id\": 5}'",
    "attributes = 12",
    "published_at = 'yesterday'",
    "published_at = 9e18",
    "published_at = -9e18",
    "attempts = 'many'",
    "attempts = -5",
    "refusals = 'many'",
    "refusals = x'00'",
    "due_at = 'soon'",
    "due_at = -9e300",
    "due_at = 9e300",
    "key = x'2b31'",
    "key = CAST(x'ff' AS TEXT)",
    "key = ''",
    "data = CAST(data AS TEXT)",
]
NONE_ANY_MORE = [
    "attempts = 9223372036854775807",
    "data = 'text'",
    "data = 5",
    "data = x'ff'",
    "data = ''",
]


@pytest.mark.parametrize("spoilt", [*STILL_A_MESSAGE, *NONE_ANY_MORE])
def test_one_spoilt_row_holds_up_nobody_and_is_dealt_with(database, spoilt):
    with database.transaction() as table:
        for number, person in enumerate(PEOPLE):
            table.execute(*rows.addition(person, *encode(message(number, person)), now()))
        table.execute(f"UPDATE queued SET {spoilt} WHERE number = 1")  # noqa: S608 - as above
    pushed, given_up = [], []

    def push(body):
        try:
            pushed.append(decode_push(body).item.id)
        except EnvelopeError:
            return 500
        return 204

    queue = running_queue(
        database, push, last_resort=LastResort(3, lambda _body, reason: given_up.append(reason))
    )
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert len(given_up) == (spoilt in NONE_ANY_MORE)
    assert sorted(pushed) == sorted(f"SM{n}" for n in range(len(given_up), len(PEOPLE)))


def test_a_first_message_that_is_never_due_is_due_at_the_next_start(tmp_path, database):
    queue = LocalQueue(database, now)
    queue.publish(message(1))
    with database.transaction() as table:
        table.execute("UPDATE queued SET due_at = NULL")
    database.close()
    done = []
    queue.start(lambda body: done.append(body) or 204)
    queue.publish(message(2))
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
    assert len(done) == 2


def test_a_table_that_cannot_be_read_is_tried_until_it_can(database, caplog):
    queue = running_queue(database, lambda _body: 204)
    with database.transaction() as table:
        table.execute("ALTER TABLE queued RENAME TO hidden")
    with pytest.raises(Exception, match="the database failed"):
        queue.publish(message(1))
    wait_for(lambda: any("not accessible" in one.getMessage() for one in caplog.records))
    with database.transaction() as table:
        table.execute("ALTER TABLE hidden RENAME TO queued")
    queue.publish(message(1))
    wait_for(lambda: queue.depth() == 0)
    queue.stop()
