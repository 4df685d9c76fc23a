"""A project in a stand-in for Google Cloud, and ``deploy.sh`` with the real gcloud in it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators import missing, sdk_root
from tests.google.apis import PROJECT, Google, serve
from tests.google.stamp import note, unless_passed
from tests.processes import ROOT
from tests.shared import run_folder, shared

HERE = Path(__file__).parent
APIS = (
    "cloudbilling",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "firestore",
    "iam",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "serviceusage",
)
TOKEN = "0123456789abcdef-hush"
SETTINGS = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886",
    "ASSISTANT_API_URL": "https://assistant.example",
}


@pytest.fixture(scope="session")
def gcloud_server(tmp_path_factory) -> Iterator[Path]:
    """The socket at which the real gcloud waits for command lines."""
    folder = run_folder(tmp_path_factory)

    def program() -> tuple[str, list[str]]:
        installed = shutil.which("gcloud")
        if installed is None:
            missing("the Google Cloud SDK")
        location = [installed, "info", "--format=value(basic.python_location)"]
        python = subprocess.run(location, check=True, capture_output=True, text=True).stdout.strip()
        path = str(folder / f"gcloud-{os.getpid()}.socket")
        return path, [python, str(HERE / "gcloud_server.py"), str(sdk_root(installed)), path]

    with shared(folder, "gcloud", program, os.path.exists) as socket:
        yield Path(socket)


def pytest_runtest_logreport(report):
    note(report)


@pytest.fixture(scope="module")
def gcloud_needed(request) -> Iterator[None]:
    """Skip what passed on the same files already."""
    yield from unless_passed(request)


@pytest.fixture(scope="module")
def gcloud(gcloud_needed, request) -> Path:
    """The same socket, for a file of tests whose files changed."""
    return request.getfixturevalue("gcloud_server")


class Project:
    """One project, with all that was made in it and every command line that was run."""

    def __init__(self, google: Google, port: int, socket: Path, folder: Path):
        self.google = google
        self.log = folder / "commands"
        self.folder = folder
        (folder / "bin").mkdir()
        client = folder / "bin" / "gcloud"
        client.write_text(f"#!{sys.executable} -SE\n" + (HERE / "gcloud_client.py").read_text())
        client.chmod(0o755)
        # What the script waits for takes no time here.
        wait = folder / "bin" / "sleep"
        wait.write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 0.1\n")
        wait.chmod(0o755)
        self.environ = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PYTHON": sys.executable,
            "LANG": "C.UTF-8",
            "TMPDIR": str(folder),
            "GCLOUD_SOCKET": str(socket),
            "GCLOUD_LOG": str(self.log),
            "CLOUDSDK_CONFIG": str(folder / "config"),
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
            "CLOUDSDK_PROXY_TYPE": "http_no_tunnel",
            "CLOUDSDK_PROXY_ADDRESS": "127.0.0.1",
            "CLOUDSDK_PROXY_PORT": str(port),
        }
        for api in APIS:
            override = f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}"
            self.environ[override] = f"http://{api}.googleapis.com/"
        storage = "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"
        self.environ[storage] = "http://storage.googleapis.com/storage/v1/"

    def deploy(
        self, *options: str, stdin: str = "", **settings: str
    ) -> subprocess.CompletedProcess:
        """Run the script with a whole set of settings; an empty one takes its setting away."""
        told = {name: value for name, value in {**SETTINGS, **settings}.items() if value}
        environ = {**self.environ, "ENV_FILE": "", **told}
        empty = self.folder / "empty.env"
        empty.touch()
        return subprocess.run(
            [str(ROOT / "deploy.sh"), "--env-file", str(empty), *options],
            env=environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=220,
        )

    def commands(self) -> list[list[str]]:
        """Every command line that gcloud was given."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def forget(self) -> None:
        """Forget what was asked for until now; what was made stays."""
        self.google.calls.clear()
        self.log.unlink(missing_ok=True)

    def changes(self) -> list[str]:
        """What was changed since: the method and the path of every request that writes."""
        return [f"{one.method} {one.path}" for one in self.google.writes()]

    def members(self, resource: str) -> set[tuple[str, str]]:
        """Who has which role on a resource, shortened: ``("pubsub.publisher", "webhook")``."""
        bindings = self.google.policies.get(resource, {}).get("bindings", [])
        return {
            (one["role"].removeprefix("roles/"), _short(member))
            for one in bindings
            for member in one["members"]
        }


def _short(member: str) -> str:
    name = member.removeprefix("serviceAccount:").partition("@")[0]
    return name.removeprefix("whatsapp-")


def new_project(socket: Path, folder: Path, **project) -> Iterator[Project]:
    """Give a project in which nothing was made yet."""
    google = Google(**project)
    with serve(google) as port:
        yield Project(google, port, socket, folder)


@pytest.fixture
def project(gcloud, tmp_path) -> Iterator[Project]:
    """A project of the test's own."""
    yield from new_project(gcloud, tmp_path)
