"""The end of a worker whose parent is gone, and of a stop that takes too long: as processes."""

import signal
import subprocess

import pytest

from standalone.sockets import listen
from tests.processes import ROOT, python

pytestmark = pytest.mark.slow

# Told to stop it begins anew, so that only force ends it: here after a second.
STUBBORN = """
import time
from standalone import shutdown
shutdown.stop_on_signals(seconds=1)
shutdown.end_with_parent(seconds=1)
while True:
    try:
        print("begun", flush=True)
        time.sleep(60)
    except SystemExit:
        pass
"""


def started(*arguments, **options):
    return subprocess.Popen(
        python(*arguments), cwd=ROOT, stdout=subprocess.PIPE, text=True, **options
    )


def test_a_worker_whose_parent_is_gone_before_it_is_loaded_never_serves():
    with listen("127.0.0.1", 0) as listener:
        descriptor = listener.fileno()
        worker = started(
            "-m",
            "standalone",
            "--listener",
            str(descriptor),
            stdin=subprocess.DEVNULL,
            pass_fds=[descriptor],
        )
        said, _ = worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGTERM
    assert said == ""


def test_a_worker_that_does_not_stop_in_good_order_is_ended_by_the_system():
    worker = started("-c", STUBBORN, stdin=subprocess.PIPE)
    assert worker.stdout.readline() == "begun\n"
    # As the end of its parent does.
    worker.stdin.close()
    worker.stdin = None
    said, _ = worker.communicate(timeout=60)
    assert said == "begun\n"
    assert worker.returncode == -signal.SIGALRM


def test_a_stop_that_does_not_come_to_its_end_is_cut_while_the_parent_lives():
    worker = started("-c", STUBBORN, stdin=subprocess.PIPE)
    assert worker.stdout.readline() == "begun\n"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == -signal.SIGALRM
    assert worker.communicate() == ("begun\n", None)
