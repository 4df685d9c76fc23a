"""Which files passed with the real gcloud, and on what: they take minutes and change rarely."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT

# All that these tests run or compare; which files of lib ship is seen by tests/test_staging.py.
STAND_ON = (
    "deploy.sh",
    "cloudbuild.yaml",
    ".env.example",
    "firestore.*",
    "deployment/**/*",
    "functions/**/*",
    "lib/errors.py",
    "lib/runtime/*.py",
    "tests/deployment/*.py",
    "tests/google/*.py",
    "tests/emulators.py",
    "tests/processes.py",
    "tests/shared.py",
)
_passed: set[str] = set()


def unless_passed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Skip a file that passed as a whole on the same files already; in CI nothing is skipped.

    That it passed is written down when it is over, if all of it was asked for.
    """
    name = f"deployment/{request.path.stem}"
    cache = request.config.cache
    found = digest()
    if os.environ.get("CI") != "true" and cache.get(name, "") == found:
        pytest.skip(
            "passed with the real gcloud on these very files already; "
            "CI=true or --cache-clear runs it again"
        )
    yield
    tests = {item.nodeid for item in request.session.items if item.path == request.path}
    if tests <= _passed and _whole(request.config):
        cache.set(name, found)


def note(report: pytest.TestReport) -> None:
    """Remember a test that passed."""
    if report.when == "call" and report.passed:
        _passed.add(report.nodeid)


def digest() -> str:
    """Return a hash of all that the deployment tests stand on, gcloud's version among it."""
    paths = [path for pattern in STAND_ON for path in _found(pattern)]
    gcloud = shutil.which("gcloud")
    if gcloud:
        paths += Path(gcloud).resolve().parents[1].glob("VERSION")
    total = hashlib.sha256()
    for path in paths:
        body = path.read_bytes()
        total.update(f"{path} {len(body)}\n".encode() + body)
    return total.hexdigest()


def _found(pattern: str) -> list[Path]:
    found = sorted(path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc")
    assert found, f"{pattern} is not here any more: name what took its place"
    return found


def _whole(config: pytest.Config) -> bool:
    chosen = config.getoption("keyword") or config.getoption("markexpr")
    return not chosen and not any("::" in argument for argument in config.args)
