"""This version and the one before it, each a process at a time, in turns on the same data."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.model import Catalogue
from lib.ports.documents import Document, Documents, Key, Write
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from tests.processes import ROOT
from tests.stores import firestore_storage

# Nothing was released yet. This is what there was before people had languages, humans, invitations,
# budgets and voices, which is all that sessions, permissions and parts of answers have had since.
# Data of earlier versions are in tests/samples/stores.
BEFORE = "13c39e0669aa24a5fbe1b1492f9f7d3d790938c3"

ASSISTANTS = {
    "poet": {"name": "Poet"},
    "python-expert": {"name": "Python Expert"},
    "dear": {"name": "Dear", "price_per_question": 1},
}

# Says things to a whole gateway on given data, and prints what is answered to each. A text that
# begins with "!" meets a Twilio that takes nothing.
PROGRAM = """
import json, sys
from dataclasses import replace
from pathlib import Path
from lib.errors import GatewayError
from lib.runtime.gateway import Gateway
from lib.settings.google import GoogleSettings
from tests.local_gateway import LocalGateway, local_gateway

told = json.loads(sys.argv[1])
options, assistants = told["options"], told["assistants"]
if "people" in options:
    from lib.settings.people import PeopleSettings
    people = options.pop("people")
    people["handover_key"] = people.get("handover_key", "").encode()
    options["people"] = PeopleSettings(**people)
catalogue = json.dumps(dict(assistants=assistants))
with local_gateway(Path(told["folder"]), catalogue, **options) as table:
    google = GoogleSettings(**told["google"])
    if google.project:
        config = table.gateway.config
        # Settings are named tuples; in the version before they were dataclasses.
        change = getattr(type(config), "_replace", replace)
        table = LocalGateway(Gateway(change(config, google=google)), table.twilio_url)
    for sid, text, sender in told["said"]:
        before = len(table.sent(sender))
        if text.startswith("!"):
            table.fault(fault="error", status=503)
        message = replace(table.message(text.lstrip("!"), sender), id=sid)
        error = None
        try:
            table.hand_over(message)
        except GatewayError as failure:
            error = failure.code
        print(json.dumps([table.sent(sender)[before:], error]))
"""
FIELDS = """
import dataclasses, json
from lib.model import Session, Turn
print(json.dumps([[one.name for one in dataclasses.fields(what)] for what in (Session, Turn)]))
"""


def _now() -> datetime:
    return datetime.now(UTC)


def unpack(folder: Path) -> Path:
    """Unpack the version before, or skip the test where there is none."""
    archive = ["git", "archive", BEFORE, "lib", "simulator", "tests"]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this checkout has no history, so there is no version before it")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def run(home: Path, *arguments: str) -> str:
    """Run a program of one of the versions; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", *arguments],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@dataclass
class TwoVersions:
    """Both versions, and the data: of a project on the emulator, or of a folder without one."""

    earlier: Path
    folder: Path
    project: str = ""
    emulator: str = ""
    pubsub: str = ""

    def say(self, version: str, *said: tuple[str, str, str], **options: object) -> list[list[str]]:
        """Say things to a version, ``earlier`` or ``this``; return what is answered to each."""
        return [answered for answered, _ in self.outcomes(version, *said, **options)]

    def outcomes(
        self, version: str, *said: tuple[str, str, str], **options: object
    ) -> list[tuple[list[str], str | None]]:
        """The same, each with the code of the error that ended it, if one did."""
        google = {"project": self.project}
        google |= {"firestore_emulator": self.emulator, "pubsub_emulator": self.pubsub}
        told = {"folder": str(self.folder), "google": google, "said": said, "options": options}
        told["assistants"] = ASSISTANTS
        home = self.earlier if version == "earlier" else ROOT
        lines = run(home, PROGRAM, json.dumps(told))
        return [tuple(json.loads(line)) for line in lines.splitlines()]

    def keep(self, *writes: Write) -> None:
        """Write to the data."""
        with self._documents() as documents:
            documents.replace(writes)

    def kept(self, collection: str, name: str) -> Document | None:
        """Return a document of the data."""
        key = Key(collection, name)
        with self._documents() as documents:
            found = documents.read([key])
        return found[key].document if key in found else None

    def all(self, collection: str) -> list[Document]:
        """Return the documents of a collection of the data."""
        with self._documents() as documents:
            return [stored.document for _, stored in documents.query(collection)]

    @contextmanager
    def _documents(self) -> Iterator[Documents]:
        if self.project:
            yield firestore_storage(self.project, _now).documents
            return
        database = Database(self.folder / "gateway.db", create)
        try:
            yield SqliteStorage(database, Catalogue(), _now).documents
        finally:
            database.close()

    def fields(self) -> list[set[str]]:
        """Return the fields of sessions, and those of turns, that the earlier version knows."""
        return [set(names) for names in json.loads(run(self.earlier, FIELDS))]
