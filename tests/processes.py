"""Real processes for tests: started on free ports, watched, and gone afterwards."""

import os
import secrets
import shutil
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

# Before a command line: the kernel ends the program with its parent, however that ends.
LEASH = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()

# Below those that systems give to connections and to who asks for any port: on Linux 32768 and
# up (net.ipv4.ip_local_port_range), elsewhere 49152 and up (RFC 6335, section 6).
_PORTS = range(20_000, 32_768)
_MARKS: list[socket.socket] = []


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that stays free until its program is up.

    No connection can get it meanwhile, and nobody else is given it while this process lives: the
    UDP port of the same number is held as a mark that every process here sees.
    """
    while True:
        port = secrets.choice(_PORTS)
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
        else:
            _MARKS.append(mark)
            return port


def wait_for(condition, seconds: float = 60.0, interval: float = 0.05):
    """Return the condition's first true value; fail when the time is over.

    That guards against waiting for ever, and says nothing of speed: a busy machine takes its time.
    """
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
