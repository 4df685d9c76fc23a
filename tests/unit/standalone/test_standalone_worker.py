"""The gateway as a child process, whose parent runs short of what it takes to start one."""

import pytest
import requests

from lib.errors import ShortageError
from standalone.sockets import address, listen
from standalone.worker import DOWN, UP, Worker
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN
from tests.processes import wait_for
from tests.shortages import no_descriptors, no_threads

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(tmp_path, monkeypatch):
    settings = {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_WHATSAPP_NUMBER": NUMBER,
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "ASSISTANT_API_URL": "http://127.0.0.1:9",
        "DATA_DIR": str(tmp_path),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with listen("127.0.0.1", 0) as listener:
        worker = Worker([], listener, lambda _line: None)
        yield worker
        worker.stop()


def serves(worker):
    return requests.get(f"{address(worker.listener)}/whatsapp/health", timeout=10).ok


def test_a_process_that_cannot_be_started_again_is_started_later(worker):
    told = []
    worker.changed = lambda title, ok: told.append((title, ok))
    assert worker.start() is None
    with no_descriptors():
        worker.kill()
        wait_for(lambda: ("Gateway process not started (OSError)", False) in told)
        assert worker.state == DOWN
    wait_for(lambda: worker.state == UP)
    assert serves(worker)


def test_whoever_shows_its_log_may_fail(worker):
    def broken(*_):
        raise RuntimeError

    worker.on_line = worker.changed = broken
    assert worker.start() is None
    worker.kill()
    wait_for(lambda: worker.state == DOWN)
    wait_for(lambda: worker.state == UP)
    assert serves(worker)


def test_without_a_thread_to_watch_it_no_process_is_left(worker):
    with no_threads(), pytest.raises(ShortageError):
        worker.start()
    wait_for(lambda: worker._process.poll() is not None)
