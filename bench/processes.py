"""The processes that are measured: started alone in a group, read from /proc, gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.errors import MeasurementError

ROOT = Path(__file__).resolve().parent.parent

# The kernel ends a child with the thread that started it, however that ends (prctl(2)).
LEASH = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
_GRACE_SECONDS = 12.0
_TICKS = os.sysconf("SC_CLK_TCK")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, in which folder, with which settings, and where its output goes."""

    command: Sequence[str]
    folder: Path
    settings: Mapping[str, str]
    log: Path


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB of memory: resident now, the most it ever was, and with shared pages divided."""

    resident: float
    peak: float
    proportional: float


class Child:
    """A running program and whatever it started itself."""

    def __init__(self, program: Program) -> None:
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with program.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*LEASH, *program.command],
                cwd=program.folder,
                env={**bare, **program.settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._log = program.log

    def require_alive(self) -> None:
        """Raise a MeasurementError with the end of its log if it has ended."""
        if self._process.poll() is not None:
            tail = self._log.read_text(errors="replace")[-2000:]
            raise MeasurementError(f"ended with {self._process.returncode}:\n{tail}")

    def pids(self) -> list[int]:
        """Return the processes of its group, itself first."""
        others = [pid for pid in _pids() if _group(pid) == self._process.pid]
        return sorted(others, key=lambda pid: (pid != self._process.pid, pid))

    def worker(self) -> int:
        """Return the process that does the work: the youngest of the group."""
        return self.pids()[-1]

    def memory(self) -> Memory:
        """Return the memory of all its processes; pages they share count for each."""
        parts = [memory_of(pid) for pid in self.pids()]
        return Memory(
            resident=sum(one.resident for one in parts),
            peak=sum(one.peak for one in parts),
            proportional=sum(one.proportional for one in parts),
        )

    def cpu_seconds(self) -> float:
        """Return what its processes, ended children included, have used of the CPUs."""
        return sum(map(_cpu_seconds, self.pids()))

    def kill(self) -> None:
        """End all of it at once."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """End it in good order, or at once where that takes too long."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


@contextmanager
def child(program: Program) -> Iterator[Child]:
    """Run a program until the block ends."""
    started = Child(program)
    try:
        yield started
    finally:
        started.close()


def python(*arguments: str) -> list[str]:
    """Return a command line for this very interpreter."""
    return [sys.executable, *arguments]


def memory_of(pid: int) -> Memory:
    """Read what a process has in memory."""
    status = _fields(Path(f"/proc/{pid}/status"))
    rollup = _fields(Path(f"/proc/{pid}/smaps_rollup"))
    kibibytes = (status["VmRSS"], status["VmHWM"], rollup["Pss"])
    return Memory(*(round(int(one.split()[0]) / 1024, 1) for one in kibibytes))


def wait_for(condition: Callable[[], T], seconds: float, what: str, pause: float = 0.01) -> T:
    """Return the condition's first true value.

    Raises:
        MeasurementError: there is none within the time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise MeasurementError(f"not within {seconds:g} s: {what}")


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name, which may hold blanks itself."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _group(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[2]) if fields and fields[0] != "Z" else 0


def _cpu_seconds(pid: int) -> float:
    # utime, stime, and those of children that were waited for (proc_pid_stat(5)).
    return sum(map(int, _stat(pid)[11:15])) / _TICKS


def _fields(file: Path) -> dict[str, str]:
    lines = (line.partition(":") for line in file.read_text().splitlines())
    return {name: value.strip() for name, _, value in lines if value.strip()}
