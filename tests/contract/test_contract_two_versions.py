"""This version and the one before it, in turns on the same data: what a roll-out looks like."""

import io
import json
import os
import subprocess
import sys
import tarfile
from uuid import uuid4

import pytest
from google.cloud.firestore_v1 import Client

from tests.processes import ROOT

pytestmark = pytest.mark.thorough

# The last version before stores were written once for both backends.
BEFORE = "4b128b5f8ab54af1b0bf09269e9c0f3a861bd0c8"

ASSISTANTS = {"poet": "Poet", "python-expert": "Python Expert"}

# Says things to a whole gateway on given data, and prints what is answered to each. A text that
# begins with "!" meets a Twilio that takes nothing.
PROGRAM = """
import json, sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from lib.errors import GatewayError
from lib.runtime.gateway import Gateway
{imports}

folder, project, emulator, said = sys.argv[1:4] + [json.loads(sys.argv[4])]
with local_gateway(Path(folder), json.dumps(dict(assistants={assistants}))) as table:
    if project:
        google = GoogleSettings(**{google})
        config = replace(table.gateway.config, google=google)
        table = LocalGateway(Gateway(config), table.twilio_url)
    for sid, text in said:
        before = len(table.sent())
        if text.startswith("!"):
            table.fault(fault="error", status=503)
        with suppress(GatewayError):
            table.hand_over(replace(table.message(text.lstrip("!")), id=sid))
        print(json.dumps(table.sent()[before:]))
"""
CATALOGUE = {name: {"name": title} for name, title in ASSISTANTS.items()}
THIS = PROGRAM.format(
    assistants=CATALOGUE,
    imports="from lib.settings.google import GoogleSettings\n"
    "from tests.local_gateway import LocalGateway, local_gateway",
    google="dict(project=project, firestore_emulator=emulator)",
)
EARLIER = PROGRAM.format(
    assistants=CATALOGUE,
    imports="from lib.runtime.config import GoogleConfig as GoogleSettings\n"
    "from tests.desk import Desk as LocalGateway, desk as local_gateway",
    google="dict(project=project)",
)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """The version before, unpacked."""
    archive = ["git", "archive", BEFORE, "lib", "simulator", "tests"]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this checkout has no history, so there is no version before it")
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture(params=["sqlite", "firestore"])
def say(request, earlier, tmp_path):
    """Says something to one of the versions on the same data; returns what is answered."""
    project = emulator = ""
    if request.param == "firestore":
        emulator = request.getfixturevalue("firestore_emulator")
        project = f"demo-{uuid4().hex}"
        for name, title in ASSISTANTS.items():
            Client(project).collection("assistants").document(name).set({"name": title})

    def to(version, *said):
        home, program = (earlier, EARLIER) if version == "earlier" else (ROOT, THIS)
        arguments = [str(tmp_path), project, emulator, json.dumps(said)]
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    return to


def sid(number):
    return f"SM{number:032x}"


@pytest.mark.parametrize("first", ["earlier", "this"])
def test_either_version_goes_on_where_the_other_one_stopped(say, first):
    other = "this" if first == "earlier" else "earlier"
    switched, lost = say(first, (sid(1), "/switch python-expert"), (sid(2), "!/list"))
    assert "Python Expert" in switched[0]
    assert lost == []
    current, again, listed = say(
        other, (sid(3), "/current"), (sid(1), "/switch python-expert"), (sid(2), "/list")
    )
    assert "Python Expert" in current[0]
    assert again == []
    assert "Poet" in listed[0]
    told, repeated = say(first, (sid(4), "/current"), (sid(2), "/list"))
    assert told == current
    assert repeated == []
