"""A process that stays: what it answers, and how a request that goes wrong ends it alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lib.errors import ShortageError
from lib.media.errors import MediaLateError, MediaUnreadableError
from lib.media.exchange import Message
from lib.stopping import Stop, StoppedError
from lib.voice.resident import Resident
from tests.processes import ROOT, wait_for
from tests.shortages import no_descriptors


@pytest.fixture
def child():
    one = Resident("tests.answering", environment={})
    yield one
    one.end()


def ask(child, wish="", seconds=60.0, body=b"", stop=None):
    return child.ask(Message({"wish": wish}, body), seconds, stop or Stop())


def is_there(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_one_process_answers_one_request_after_another(child):
    first, second = ask(child, body=b"one"), ask(child, body=b"x" * 20_000_000)
    assert first.body == b"one"
    assert second.facts["size"] == 20_000_000
    assert first.facts["pid"] == second.facts["pid"]
    assert child.alive


def test_a_request_that_lasts_too_long_ends_the_process(child):
    pid = ask(child).facts["pid"]
    with pytest.raises(MediaLateError):
        ask(child, "sleep", seconds=0.2)
    assert not child.alive
    assert not is_there(pid)


def test_an_order_to_stop_ends_the_wait_at_once(child):
    stop = Stop()
    threading.Timer(0.2, stop.give).start()
    with pytest.raises(StoppedError):
        ask(child, "sleep", stop=stop)
    assert not child.alive


def test_an_order_that_was_given_before_begins_nothing(child):
    stop = Stop()
    stop.give()
    with pytest.raises(StoppedError):
        ask(child, "die", stop=stop)
    assert child.alive
    assert ask(child, body=b"still here").body == b"still her"


@pytest.mark.parametrize("wish", ["die", "babble"])
def test_a_request_that_breaks_the_process_is_told_of(child, wish):
    with pytest.raises(MediaUnreadableError):
        ask(child, wish)
    assert not child.alive


def test_an_order_for_an_earlier_request_does_not_end_a_later_one(child):
    """Who stops or watches does so from other threads, and may come after the answer."""
    stop = Stop()
    pid = ask(child, stop=stop).facts["pid"]
    stop.give()
    time.sleep(0.05)
    assert ask(child).facts["pid"] == pid


def test_a_process_that_was_ended_while_nobody_asked_is_known_to_be(child):
    os.kill(ask(child).facts["pid"], signal.SIGKILL)
    wait_for(lambda: not child.alive, 10)


def test_a_process_that_cannot_be_started_is_a_shortage():
    with no_descriptors(), pytest.raises(ShortageError):
        Resident("tests.answering", environment={})


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("starter", ["thread", "process"])
def test_it_ends_with_its_parent_and_not_with_the_thread_that_started_it(starter):
    program = (
        "import sys, threading\n"
        "from lib.media.exchange import Message\n"
        "from lib.stopping import Stop\n"
        "from lib.voice.resident import Resident\n"
        "def pid():\n"
        "    return one.ask(Message({}), 60, Stop()).facts['pid']\n"
        "def begin():\n"
        "    global one\n"
        "    one = Resident('tests.answering', environment={})\n"
        "    print(pid(), flush=True)\n"
        "thread = threading.Thread(target=begin)\n"
        "thread.start()\n"
        "thread.join()\n"
        "print(pid(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        pid = parent.stdout.readline().strip()
        assert parent.stdout.readline().strip() == pid
        if starter == "process":
            parent.kill()
            wait_for(lambda: not is_there(pid), 10)
