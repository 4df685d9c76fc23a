"""The real emulators of Firestore and Pub/Sub, from the installed Google Cloud SDK."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.absent import skip_outside_ci
from tests.processes import LEASH, answers, free_port, wait_for
from tests.shared import run_folder, shared

_FAST_START = ("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_FIRESTORE, _PUBSUB = "FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"


def missing(what: str) -> None:
    """Skip a test for want of something; in CI that is a failure."""
    skip_outside_ci(f"{what} is not here, so nothing is tried against the real emulators")


def _jar(pattern: str) -> Path:
    if shutil.which("java") is None:
        missing("Java")
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        missing("the Google Cloud SDK")
    found = sorted((Path(gcloud).resolve().parent.parent / "platform").glob(pattern))
    if not found:
        found = sorted((sdk_root(gcloud) / "platform").glob(pattern))
    if not found:
        missing(f"the emulator ({pattern})")
    return found[-1]


def sdk_root(gcloud: str) -> Path:
    """Return where the SDK is installed."""
    command = [gcloud, "info", "--format=value(installation.sdk_root)"]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def _program(*arguments: str) -> tuple[str, list[str]]:
    """Return a free address and the command line of an emulator there."""
    port = free_port()
    at = ["--host=127.0.0.1", f"--port={port}"]
    return f"127.0.0.1:{port}", ["java", *_FAST_START, *arguments, *at]


def _firestore() -> tuple[str, list[str]]:
    jar = _jar("cloud-firestore-emulator/cloud-firestore-emulator.jar")
    main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
    return _program("-Duser.language=en", "-cp", str(jar), main)


def _pubsub() -> tuple[str, list[str]]:
    return _program("-jar", str(_jar("pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar")))


def _is_up(address: str) -> bool:
    return answers(f"http://{address}/")


@contextmanager
def _told(variable: str, address: str) -> Iterator[str]:
    """Have Google's clients find an emulator."""
    os.environ[variable] = address
    try:
        yield address
    finally:
        os.environ.pop(variable, None)


@contextmanager
def _running(address: str, command: Sequence[str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen([*LEASH, *command], stdout=output, stderr=output)
    try:
        wait_for(lambda: process.poll() is not None or _is_up(address), 60)
        assert process.poll() is None, log.read_text(errors="replace")
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@contextmanager
def firestore_process(log: Path) -> Iterator[str]:
    """Run a Firestore emulator; give its address."""
    address, command = _firestore()
    with _running(address, command, log), _told(_FIRESTORE, address):
        yield address


@contextmanager
def pubsub_process(log: Path) -> Iterator[str]:
    """Run a Pub/Sub emulator; give its address."""
    address, command = _pubsub()
    with _running(address, command, log), _told(_PUBSUB, address):
        yield address


@pytest.fixture(scope="session")
def firestore_emulator(tmp_path_factory) -> Iterator[str]:
    """The address of the run's Firestore emulator: a test has a project of its own there."""
    folder = run_folder(tmp_path_factory)
    with shared(folder, "firestore", _firestore, _is_up) as address, _told(_FIRESTORE, address):
        yield address


@pytest.fixture(scope="session")
def pubsub_emulator(tmp_path_factory) -> Iterator[str]:
    """The address of the run's Pub/Sub emulator: a test has a project of its own there."""
    folder = run_folder(tmp_path_factory)
    with shared(folder, "pubsub", _pubsub, _is_up) as address, _told(_PUBSUB, address):
        yield address
