"""Starting a process that handles what strangers send: isolated, with no environment of ours."""

import os
import subprocess
import sys
from collections.abc import Mapping

from lib.errors import ShortageError
from lib.shortage import is_shortage

_PROGRAM = (
    r"import sys; sys.path[:] = sys.argv[1].split('\n'); "
    "from {} import main; main(*map(int, sys.argv[2:]))"
)
# Isolated; not looking for what is installed, for it is told ``sys.path``; and writing no file.
_PYTHON = (sys.executable, "-I", "-S", "-B", "-c")


def start(module: str, *told: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start ``main`` of a module of ours, with the numbers that it is told.

    Raises:
        ShortageError: the system gives no process.
    """
    path = "\n".join(map(os.path.abspath, sys.path))
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter, with our own program
            [*_PYTHON, _PROGRAM.format(module), path, *map(str, told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            cwd="/",
            # An interrupt at the terminal is meant for the server, which ends when its work has.
            start_new_session=True,
        )
    except (OSError, MemoryError) as error:
        if is_shortage(error):
            raise ShortageError(f"no process for {module}") from error
        raise
