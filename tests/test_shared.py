"""One program for many processes: it lives as long as any of them, however they end."""

import subprocess
from contextlib import contextmanager

import pytest

from tests.processes import ROOT, answers, python, wait_for

_USER = """
import sys
from pathlib import Path
from tests.processes import answers, free_port, python
from tests.shared import shared

folder = Path(sys.argv[1])


def program():
    port = free_port()
    with (folder / "started").open("a") as started:
        started.write("one\\n")
    at = f"http://127.0.0.1:{port}/"
    return at, python("-m", "http.server", str(port), "--bind=127.0.0.1")


with shared(folder, "server", program, answers) as address:
    print(address, flush=True)
    input()
"""


@contextmanager
def user(folder):
    """A process that uses the program until it is told to end."""
    process = subprocess.Popen(
        python("-c", _USER, str(folder)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address(process):
    return process.stdout.readline().strip()


def times_started(folder):
    return len((folder / "started").read_text().splitlines())


@pytest.mark.slow
def test_it_is_started_once_and_outlives_whoever_started_it_and_was_killed(tmp_path):
    with user(tmp_path) as second, user(tmp_path) as first:
        at = address(first)
        assert address(second) == at
        first.kill()
        first.wait()
        with user(tmp_path) as third:
            assert address(third) == at
            assert answers(at)
        assert answers(at)
        assert times_started(tmp_path) == 1


@pytest.mark.slow
def test_it_ends_with_the_last_and_is_there_again_for_the_next(tmp_path):
    with user(tmp_path) as first:
        at = address(first)
        first.communicate("\n")
    wait_for(lambda: not answers(at))
    with user(tmp_path) as next_one:
        assert address(next_one) != at
        assert times_started(tmp_path) == 2
