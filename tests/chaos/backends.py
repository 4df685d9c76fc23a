"""The two ways to run the gateway, as processes that can be killed and come back."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from google.cloud import firestore

from lib.storage.sqlite.database import Database
from lib.storage.sqlite.table import Table
from simulator.server import serve
from simulator.twilio import app as twilio
from tests.bucket import bucket
from tests.chaos.phones import Phones
from tests.cloud import Cloud, stage
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN
from tests.processes import ROOT, answers, free_port, wait_for

VICTIM = Path(__file__).with_name("victim.py")
TIMES = {
    "TURN_LEASE_SECONDS": "25",
    "SEND_SETTLE_SECONDS": "1",
    "CHUNK_WAIT_SECONDS": "0.8",
    "MESSAGES_PER_MINUTE": "0",
    "TWILIO_RECIPIENT_SECONDS": "0",
    "TWILIO_MESSAGES_PER_SECOND": "0",
    "ASSISTANT_API_TIMEOUT": "20",
}


class Process:
    """A program that is started again whenever it ends."""

    def __init__(self, command: list[str], folder: Path, environ: dict[str, str], log: Path):
        self._command, self._folder, self._environ, self._log = command, folder, environ, log
        self._ended = False
        self.process = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as output:
            return subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _watch(self) -> None:
        while not self._ended:
            self.process.wait()
            if self._ended:
                return
            self._group(signal.SIGKILL)
            time.sleep(0.05)
            self.process = self._start()

    def kill(self) -> bool:
        """End it and all its children at once; whether there was anything to end."""
        return self._group(signal.SIGKILL)

    def close(self) -> None:
        self._ended = True
        self._group(signal.SIGTERM)
        try:
            self.process.wait(12)
        except subprocess.TimeoutExpired:
            self._group(signal.SIGKILL)

    def _group(self, number: signal.Signals) -> bool:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return False
        return True

    def resident(self) -> float:
        """MiB of memory in use by the process and its children."""
        pids = subprocess.run(
            ["ps", "-o", "rss=", "-g", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        return sum(map(int, pids)) / 1024


def environment(**settings: str) -> dict[str, str]:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**bare, **settings}


@dataclass(frozen=True, slots=True)
class World:
    """Who answers, and the settings that the gateway needs for it.

    ``{url}`` in a setting is where they answer. ``keeps_media``: media are kept for others.
    """

    assistant: Flask
    path: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    keeps_media: bool = False

    def told(self, url: str) -> dict[str, str]:
        """The settings, where it answers at this URL."""
        return {name: value.format(url=url) for name, value in self.settings.items()}


class Standalone:
    """One process on SQLite."""

    name = "standalone"

    def __init__(self, folder: Path, world: World, phones: Phones, stack: ExitStack) -> None:
        self.orders = folder / "orders"
        self.orders.mkdir(parents=True)
        self.data = folder / "data"
        port = free_port()
        base = f"http://127.0.0.1:{port}/whatsapp"
        self.twilio = stack.enter_context(serve(twilio.create_app(phones.account))).url
        assistant = stack.enter_context(serve(world.assistant)).url
        self.webhook = self.signed = f"{base}/webhook"
        environ = environment(
            PORT=str(port),
            DATA_DIR=str(self.data),
            TWILIO_ACCOUNT_SID=ACCOUNT_SID,
            TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_WHATSAPP_NUMBER=f"whatsapp:{NUMBER}",
            TWILIO_API_BASE_URL=self.twilio,
            TWILIO_WEBHOOK_URL=self.signed,
            TWILIO_STATUS_CALLBACK_URL=f"{base}/status",
            ASSISTANT_API_URL=assistant + world.path,
            **{**TIMES, **world.told(assistant)},
        )
        command = [sys.executable, str(VICTIM), str(self.orders), "standalone"]
        self.processes = [Process(command, ROOT, environ, folder / "standalone.log")]
        stack.callback(self.processes[0].close)
        wait_for(lambda: answers(f"{base}/health"), 30)

    def is_heard(self, turn_id: str) -> bool:
        """Whether what was said in a message is stored."""
        database = Database(self.data / "gateway.db")
        try:
            with database.reading() as connection:
                turns = dict(Table(connection).all("whatsapp_turns"))
        finally:
            database.close()
        return bool(turns.get(turn_id, {}).get("heard"))

    def unsettled(self) -> int:
        """Turns and queued messages that are not done with."""
        database = Database(self.data / "gateway.db")
        try:
            with database.reading() as connection:
                turns = [body for _, body in Table(connection).all("whatsapp_turns")]
                queued = connection.execute("SELECT count(*) FROM queued").fetchone()[0]
        except sqlite3.Error:
            return -1
        finally:
            database.close()
        return sum(one["state"] not in {"delivered", "dead"} for one in turns) + int(queued)


class Distributed:
    """The staged functions on the emulators of Pub/Sub and Firestore."""

    name = "cloud"

    def __init__(
        self,
        folder: Path,
        world: World,
        phones: Phones,
        stack: ExitStack,
        *,
        firestore_address: str,
        pubsub_address: str,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.orders = folder / "orders"
        self.orders.mkdir()
        build = stage(folder)
        self.cloud = Cloud(folder, firestore_address, pubsub_address, stack)
        self.twilio = stack.enter_context(serve(twilio.create_app(phones.account))).url
        self.cloud.twilio = self.twilio
        assistant = stack.enter_context(serve(world.assistant)).url
        self.cloud.assistants = assistant + world.path
        self._settings = {**TIMES, **world.told(assistant)}
        names = ["webhook", "responder", "status"]
        if world.keeps_media:
            self._settings |= self.cloud.keeping(stack.enter_context(bucket()))
            names.append("media")
        self.webhook = f"{self.cloud.url('webhook')}/whatsapp/webhook"
        self.signed = self.cloud.environ()["TWILIO_WEBHOOK_URL"]
        self.processes = [self._function(build, name) for name in names]
        for process in self.processes:
            stack.callback(process.close)
        for name in names:
            wait_for(lambda name=name: answers(self.cloud.url(name)), 60)
        self.cloud.subscribe(backoff=(1, 4))

    def _function(self, build: Path, name: str) -> Process:
        settings = self.cloud.environ(
            PORT=str(self.cloud.ports[name]), THREADS="16", **self._settings
        )
        arguments = ["--source", "main.py", "--target", name]
        command = [
            *(sys.executable, str(VICTIM), str(self.orders), "functions_framework"),
            *arguments,
        ]
        log = self.cloud.folder / f"{name}.log"
        return Process(command, build / name, environment(**settings), log)

    def is_heard(self, turn_id: str) -> bool:
        """Whether what was said in a message is stored."""
        client = firestore.Client(project=self.cloud.project)
        turn = client.document(f"whatsapp_turns/{turn_id}").get().to_dict()
        return bool(turn and turn.get("heard"))

    def unsettled(self) -> int:
        """Turns that are not done with."""
        client = firestore.Client(project=self.cloud.project)
        turns = [one.to_dict() for one in client.collection("whatsapp_turns").stream()]
        return sum(one["state"] not in {"delivered", "dead"} for one in turns)
