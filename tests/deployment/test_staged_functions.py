"""Each staged function, in an environment of its own requirements: it starts, and answers."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.cloud import FUNCTIONS, stage
from tests.google.project import SETTINGS, TOKEN
from tests.processes import free_port, running
from tests.sample import sid, sign
from tests.sampled import sampled

UV = str(Path(sys.executable).parent / "uv")
URL = "https://gate.example/whatsapp"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return stage(tmp_path_factory.mktemp("staged"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Make an environment of what a file of requirements names, once for files that are equal."""
    made = {}

    def make(requirements):
        named = requirements.read_bytes()
        if named not in made:
            venv = tmp_path_factory.mktemp("environment")
            _uv("venv", "--python", sys.executable, venv)
            _uv("pip", "install", "--python", venv, "--require-hashes", "-r", requirements)
            _uv("pip", "check", "--python", venv)
            made[named] = venv
        return made[named]

    yield make
    for venv in made.values():
        shutil.rmtree(venv)


@pytest.fixture(scope="module", params=sampled(FUNCTIONS, "webhook"))
def started(request, build, environment, firestore_emulator, tmp_path_factory):
    """A function's name and address. Its environment has what its requirements name."""
    name, folder = request.param, tmp_path_factory.mktemp(request.param)
    venv = environment(build / name / "requirements.txt")
    where = [venv / "bin/python", "-c", "import sys; sys.path.append('.'); import lib; print(lib)"]
    found = subprocess.run(where, cwd=build / name, check=True, capture_output=True, text=True)
    assert str(build / name / "lib") in found.stdout
    port = free_port()
    environ = {
        **SETTINGS,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "FIRESTORE_EMULATOR_HOST": firestore_emulator,
        "TWILIO_WEBHOOK_URL": f"{URL}/webhook",
        "TWILIO_STATUS_CALLBACK_URL": f"{URL}/status",
        "MEDIA_BUCKET": "demo-media",
        "MEDIA_PUBLIC_URL": "https://media.example",
        "MEDIA_SIGNING_KEY": "k" * 43,
    }
    command = [str(venv / "bin/functions-framework"), "--source", "main.py", "--target", name]
    address = f"http://127.0.0.1:{port}"
    with running(command, address, environ, build / name, folder / "log"):
        yield name, address


def _uv(*arguments):
    subprocess.run([UV, "--quiet", *map(str, arguments)], check=True)


def test_it_answers(started):
    name, address = started
    if name == "health":
        assert requests.get(address, timeout=20).json()["twilio_configured"] is True
        return
    if name == "media":
        assert requests.get(address, timeout=20).status_code == 404
        assert requests.post(address, timeout=20).status_code == 405
        return
    assert requests.get(address, timeout=20).status_code == 405
    if name in {"webhook", "status"}:
        assert requests.post(address, data={"From": "nobody"}, timeout=20).status_code == 403
    if name == "status":
        form = {
            "MessageSid": sid("SM1"),
            "MessageStatus": "sent",
            "AccountSid": SETTINGS["TWILIO_ACCOUNT_SID"],
        }
        headers = {"X-Twilio-Signature": sign(TOKEN, f"{URL}/status", form)}
        signed = requests.post(f"{address}/whatsapp/status", data=form, headers=headers, timeout=20)
        assert signed.status_code == 204
    if name == "tick":
        assert requests.post(address, timeout=20).json() == {"picked_up": 0}
    if name == "responder":
        # No message, so it is put away with the dead letters: Firestore is reached.
        assert requests.post(address, data=b"{}", timeout=20).status_code == 204
