"""The two ways to run the gateway, as processes that can be killed and come back."""

import os
import sqlite3
import sys
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
from tests.chaos.balancer import Balancer
from tests.chaos.phones import Phones
from tests.chaos.processes import Process
from tests.chaos.pushing import Pusher
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

INSTANCES = {"webhook": 2, "responder": 2}
"""Of a function that are always there; of the others one. Whatever ends is one instance."""

WARMING = 6
"""Messages before a run, so that no first one is a part of it."""


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
        self.processes: list[Process] = []
        for name in names:
            self._run(build, name, stack)
        for name in names:
            wait_for(lambda name=name: answers(self.cloud.url(name)), 60)
        self.cloud.subscribe(pushes=False)
        pusher = Pusher(pubsub_address, self.cloud.subscription, self.cloud.url("responder"))
        stack.callback(pusher.close)
        self._warm()

    def _run(self, build: Path, name: str, stack: ExitStack) -> None:
        """Run the instances of a function behind its one address."""
        instances = {}
        for _ in range(INSTANCES.get(name, 1)):
            port = free_port()
            instances[port] = self._function(build, name, port)
            stack.callback(instances[port].close)
        self.processes += instances.values()
        stack.callback(Balancer(self.cloud.ports[name], instances).close)

    def _warm(self) -> None:
        """Let each instance load what a first message takes: they have been there for a while."""
        people = [f"+1666{number:07d}" for number in range(WARMING)]
        for number, person in enumerate(people):
            assert self.cloud.post(f"SM{2 * 10**9 + number:032x}", "/help", person) == 200
        wait_for(lambda: all(map(self.cloud.sent, people)))

    def _function(self, build: Path, name: str, port: int) -> Process:
        settings = self.cloud.environ(PORT=str(port), THREADS="64", **self._settings)
        arguments = ["--source", "main.py", "--target", name]
        command = [
            *(sys.executable, str(VICTIM), str(self.orders), "functions_framework"),
            *arguments,
        ]
        log = self.cloud.folder / f"{name}-{port}.log"
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
