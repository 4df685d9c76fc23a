"""A program that all processes of a test run share: started for the first that asks for it.

It ends with the last process that uses it, however that ends: each holds a lock that the kernel
takes back from whoever is gone.
"""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import LEASH, python, wait_for

# Waits until nobody is a user any more, then ends the program. Who asks meanwhile is kept waiting
# by the lock, and finds that there is no address.
_KEEPER = """
import fcntl, os, subprocess, sys
users, address, *command = sys.argv[1:]
program = subprocess.Popen(command)
with open(users) as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if os.path.exists(address):
        os.unlink(address)
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
"""
_keepers: list["subprocess.Popen[bytes]"] = []


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the whole run, the same in every worker of pytest-xdist."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def shared(
    folder: Path,
    name: str,
    program: Callable[[], tuple[str, Sequence[str]]],
    is_up: Callable[[str], bool],
) -> Iterator[str]:
    """Give the address at which the program of this name answers all who share the folder.

    ``program`` returns the address and the command line of a new one, ``is_up`` whether one
    answers at an address.
    """
    address = folder / f"{name}.address"
    with (folder / f"{name}.users").open("w") as users:
        with (folder / f"{name}.start").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            if not address.exists():
                at, command = program()
                log = folder / f"{name}.log"
                _start(["-SEc", _KEEPER, users.name, str(address), *LEASH, *command], log)
                try:
                    wait_for(lambda: is_up(at), 60)
                except AssertionError as error:
                    raise AssertionError(log.read_text(errors="replace")) from error
                address.write_text(at)
        yield address.read_text()


def _start(arguments: Sequence[str], log: Path) -> None:
    with log.open("ab") as output:
        # In a session of its own, since Ctrl-C is for those who use it.
        _keepers.append(
            subprocess.Popen(
                python(*arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        )
