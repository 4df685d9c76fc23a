"""On what a run was made: without it a figure says nothing."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bench.processes import ROOT

_LOOPS = 1_000_000
_PACKAGES = (
    "functions-framework",
    "gunicorn",
    "waitress",
    "twilio",
    "requests",
    "google-cloud-firestore",
    "google-cloud-pubsub",
    "grpcio",
    "pyromark",
    "regex",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine and everything on it that a figure depends on.

    Memory is in GiB. ``pace`` is in ms, one value before each part of the run and one after the
    last: see `pace`.
    """

    date: str
    commit: str
    system: str
    cpu: str
    cpus: int
    memory: float
    python: str
    packages: Mapping[str, str]
    load: str
    pace: tuple[float, ...]

    @property
    def label(self) -> str:
        """A short name for files: the CPUs and the architecture."""
        return f"{platform.system().lower()}-{platform.machine()}-{self.cpus}cpu"


def here() -> Machine:
    """Describe this machine, now."""
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        commit=_commit(),
        system=f"{platform.system()} {platform.release()}",
        cpu=_cpu(),
        cpus=os.cpu_count() or 1,
        memory=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        python=platform.python_version(),
        packages={name: _version(name) for name in _PACKAGES},
        load=load_average(),
        pace=(pace(),),
    )


def pace() -> float:
    """Return the ms of CPU that a fixed loop of Python takes: a shared machine's speed changes.

    Two runs whose paces differ can be compared by their ratios only.
    """
    before, total = time.process_time(), 0
    for number in range(_LOOPS):
        total += number * number % 7
    return (time.process_time() - before) * 1000


def load_average() -> str:
    """Return how busy the machine was over the last 1, 5 and 15 minutes."""
    return " ".join(f"{one:.2f}" for one in os.getloadavg())


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    return f"{commit}, with changes" if _git("status", "--porcelain", "-uno") else commit


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git made the clone
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or "unknown"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
