"""Real processes for tests: started on free ports, watched, and gone afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds: float = 20.0, interval: float = 0.05):
    """Return the condition's first true value; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(interval)
    raise AssertionError(f"not true within {seconds} s: {condition}")


def answers(url: str) -> bool:
    """Whether anything at all answers there."""
    try:
        requests.get(url, timeout=1)
    except requests.RequestException:
        return False
    return True


@contextmanager
def running(
    command: Sequence[str], ready: str, environ: Mapping[str, str], folder: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program from a folder until the block ends; ``ready`` is a URL that answers then.

    It gets a bare environment, so that nothing of the developer's own leaks in.
    """
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, env={**bare, **environ}, stdout=output, stderr=output
        )
    try:
        wait_for(lambda: process.poll() is not None or answers(ready))
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def python(*arguments: str) -> list[str]:
    """A command line for this very interpreter."""
    return [sys.executable, *arguments]
