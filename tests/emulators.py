"""The real emulators of Firestore and Pub/Sub, from the installed Google Cloud SDK."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import answers, free_port, wait_for

_FAST_START = ("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def missing(what: str) -> None:
    """Skip a test for want of something; in CI that is a failure."""
    reason = f"{what} is not here, so nothing is tried against the real emulators"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


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


@contextmanager
def _running(arguments: Sequence[str], variable: str, log: Path) -> Iterator[str]:
    """Run an emulator on a free port, with its address in the environment."""
    port = free_port()
    # The kernel ends the emulator with this process, however that ends.
    leash = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    command = [*leash, "java", *_FAST_START, *arguments, "--host=127.0.0.1", f"--port={port}"]
    address = f"127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_for(lambda: process.poll() is not None or answers(f"http://{address}/"), 60)
        assert process.poll() is None, log.read_text(errors="replace")
        os.environ[variable] = address
        yield address
    finally:
        os.environ.pop(variable, None)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@contextmanager
def firestore_process(log: Path) -> Iterator[str]:
    """Run a Firestore emulator; give its address."""
    jar = _jar("cloud-firestore-emulator/cloud-firestore-emulator.jar")
    main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
    arguments = ["-Duser.language=en", "-cp", str(jar), main]
    with _running(arguments, "FIRESTORE_EMULATOR_HOST", log) as address:
        yield address


@contextmanager
def pubsub_process(log: Path) -> Iterator[str]:
    """Run a Pub/Sub emulator; give its address."""
    jar = _jar("pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar")
    with _running(["-jar", str(jar)], "PUBSUB_EMULATOR_HOST", log) as address:
        yield address


@pytest.fixture(scope="session")
def firestore_emulator(tmp_path_factory) -> Iterator[str]:
    """The address of a Firestore emulator."""
    with firestore_process(tmp_path_factory.mktemp("firestore") / "log") as address:
        yield address


@pytest.fixture(scope="session")
def pubsub_emulator(tmp_path_factory) -> Iterator[str]:
    """The address of a Pub/Sub emulator."""
    with pubsub_process(tmp_path_factory.mktemp("pubsub") / "log") as address:
        yield address
