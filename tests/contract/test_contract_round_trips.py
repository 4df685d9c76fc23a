"""How often a turn asks Firestore, counted on the wire: the whole responder, on the emulator."""

import os
import subprocess
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from operator import le
from uuid import uuid4

import pytest
from flask import Flask, jsonify
from google.cloud.firestore_v1.types import ListenRequest

from lib.model import Catalogue, DeliveryReport, DeliveryState, InboundMessage, QueueDelivery
from lib.queue.envelope import encode
from lib.runtime.gateway import Gateway
from lib.settings.assistant import AssistantSettings
from lib.settings.config import Config
from lib.settings.google import GoogleSettings
from lib.settings.media import MediaSettings
from lib.settings.speaking import SpeakingSettings
from lib.settings.transcribing import TranscribingSettings
from lib.settings.turn import TurnSettings
from lib.settings.twilio import TwilioSettings
from lib.turn.respond import respond
from lib.turn.responder import Responder
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from tests.local_gateway import ACCOUNT_SID, ANN, NUMBER, TOKEN
from tests.peer import PUBLISHED, peer
from tests.processes import ROOT, python
from tests.stores import firestore_storage, relay_to

# Everything that has to do with media is on, and nobody is there to be asked about any.
MEDIA = {
    "media": MediaSettings(
        bucket="demo-media",
        public_url="http://127.0.0.1:9",
        signing_key="k" * 43,
        delete_at_twilio=True,
    ),
    "speaking": SpeakingSettings(url="http://127.0.0.1:9/v1"),
    "transcribing": TranscribingSettings(url="http://127.0.0.1:9/v1"),
}
BEFORE_THE_ASSISTANT = 2
ONE_CHUNK = 5
CALLBACK_AFTER = 0.15
MOST_MODULES = 807
"""Loaded after a first turn: by our requirements, and by what they require."""
MOST_SEARCHES = [12, 1, 0]
"""For garbage, in the youngest, middle and oldest objects, while a first turn loads all that."""


class World:
    """A responder on a relay that counts, and what it talks to; ``asked`` are counts so far."""

    def __init__(
        self, relay, address: str, wait: float, *, callbacks: bool, stack: ExitStack
    ) -> None:
        self.relay = relay
        self.asked: list[int] = []
        self.parts = 1
        account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
        stack.callback(account.close)
        project = f"demo-{uuid4().hex}"
        # Not by the relay, as another function would.
        status = firestore_storage(project, lambda: datetime.now(UTC))
        status.load_catalogue(Catalogue())
        status.documents.check()
        self.reports = status.stores.deliveries
        if callbacks:
            account.on_message = self._report
        url = stack.enter_context(serve(twilio.create_app(account))).url
        self.account = account
        self.config = Config(
            twilio=TwilioSettings(
                ACCOUNT_SID, TOKEN, whatsapp_number=NUMBER, api_base_url=url, recipient_seconds=0
            ),
            turn=TurnSettings(chunk_wait=wait),
            assistant=AssistantSettings(url=stack.enter_context(serve(self._assistant())).url),
            google=GoogleSettings(project=project, firestore_emulator=address),
            **MEDIA,
        )

    @cached_property
    def responder(self) -> Responder:
        """Connects at its first use."""
        return Gateway(self.config).responder()

    def _assistant(self) -> Flask:
        app = Flask("assistant")

        @app.post("/vac/assistant/<name>")
        def answer(name: str):
            self.asked.append(self.relay.sequential())
            words = "word " * 300
            return jsonify(answer="\n\n".join(f"{n}. part {words}" for n in range(self.parts)))

        return app

    def _report(self, message) -> None:
        report = DeliveryReport(message.sid, DeliveryState.SENT)
        threading.Timer(CALLBACK_AFTER, self.reports.record, (report,)).start()

    def say(self, sid: str, text: str = "Hello.", **fields: str) -> None:
        message = InboundMessage(sid, ANN, datetime.now(UTC), text=text, **fields)
        payload = encode(message)[0].decode()
        assert respond(QueueDelivery(message, payload=payload), self.responder)


@pytest.fixture(params=[(5.0, True), (0.4, False)], ids=["callbacks arrive", "none arrives"])
def world(request, firestore_emulator, monkeypatch):
    wait, callbacks = request.param
    with ExitStack() as stack:
        relay, address = stack.enter_context(relay_to(firestore_emulator))
        world = World(relay, address, wait, callbacks=callbacks, stack=stack)
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        # The first turn of a process reads the assistants as well, and opens the stream.
        world.parts = 2
        world.say("SM0")
        yield world


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
def test_a_turn_asks_firestore_so_often_and_once_more_for_each_further_chunk(world, parts):
    world.parts = parts
    relay = world.relay
    for kept in (relay.exchanges, relay.calls, relay.requests, world.asked, world.account.messages):
        kept.clear()
    world.say("SM1")
    assert len(world.account.messages.all()) == parts
    assert world.asked == [BEFORE_THE_ASSISTANT]
    further = parts - 1
    assert relay.sequential() <= ONE_CHUNK + further
    # Claim, conversation, answer, and one for each chunk; the waits have the stream there is.
    assert relay.calls == ["Commit", "BatchGetDocuments", "Commit"] + ["Commit"] * parts
    assert len(relay.calls) == relay.sequential()
    watched = [request for name, request in relay.requests if name == "Listen"]
    assert sum(bool(ListenRequest.deserialize(one).add_target) for one in watched) == further


def test_a_reply_asks_twice_more_for_what_is_quoted(world):
    world.parts = 1
    for kept in (world.relay.exchanges, world.relay.calls):
        kept.clear()
    world.say("SM1", reply_to=world.account.messages.all()[0].sid)
    reads = ["BatchGetDocuments"] * 3
    assert world.relay.calls == ["Commit", *reads, "Commit", "Commit"]


def test_pieces_of_a_question_cost_two_writes_each_and_a_read_of_what_waits(world):
    world.parts = 1
    with peer(PUBLISHED) as pubsub:
        google = world.config.google._replace(pubsub_emulator=pubsub.host)
        world.config = world.config._replace(google=google)
        world.__dict__.pop("responder")  # the next one publishes there
        world.say("SM1")
        world.relay.calls.clear()
        for sid, text, calls in (
            # Claimed, read, and stored as one that waits.
            ("SM2", "and", ["Commit", "BatchGetDocuments", "Commit"]),
            # Claimed, read, and stored with what waits, once that is read.
            ("SM3", "more", ["Commit", *["BatchGetDocuments"] * 2, "Commit"]),
            # Refused as a new one, read, and taken up; then as any other.
            ("SM2", "and", ["Commit", "BatchGetDocuments"] * 2 + ["Commit"] * 2),
        ):
            world.say(sid, text)
            assert world.relay.calls[: len(calls)] == calls, sid
            world.relay.calls.clear()
        assert len(pubsub.requests) == 1
    assert len(world.account.messages.all()) == 4  # two of them before


NEVER = {"sqlite3", "yaml", "google.pubsub_v1", "google.cloud.pubsub_v1"}
# Google's own client of Firestore, what it logs in with, and what that decrypts keys with.
NEVER |= {"google.cloud.firestore_v1", "proto", "google.auth", "cryptography"}
# Nothing is joined, and nothing queued.
NEVER |= {"lib.turn.joining", "lib.queue.pubsub"}
NEVER |= {"twilio.rest.conversations", "twilio.rest.messaging", "twilio.rest.video"}
NEVER |= {"lib.conversation.commands.table", "lib.reply.command_texts"}
# Nobody has hours, a human, or an introduction.
NEVER |= {
    "lib.people",
    "lib.model.human",
    "lib.model.reading",
    "lib.reply.people_texts",
    "lib.handover",
    "opening_hours",
}
# Nothing of ours is said, so nobody asks in which language.
NEVER |= {"lib.language", "lib.conversation.translation", "fasttext", "tomllib"}
TURN = """
import gc, sys
from datetime import UTC, datetime
from lib.turn.respond import respond
from lib.model import QueueDelivery, InboundMessage
from lib.queue.envelope import encode
from lib.runtime import wiring
def searches():
    return [of_an_age["collections"] for of_an_age in gc.get_stats()]
message = InboundMessage("SM1", "+15550001111", datetime.now(UTC), text="Hello.")
before = searches()
assert respond(QueueDelivery(message, encode(message)[0].decode()), wiring.gateway().responder())
print("searches", *(after - old for after, old in zip(searches(), before)))
print("\\n".join(["loaded", *sys.modules]))
"""


@pytest.fixture
def first_turn(world):
    """What a process of its own prints that answers one message."""
    twilio_settings = world.config.twilio
    environ = {
        "PATH": os.environ["PATH"],
        "FIRESTORE_EMULATOR_HOST": os.environ["FIRESTORE_EMULATOR_HOST"],
        "GOOGLE_CLOUD_PROJECT": world.config.google.project,
        "ASSISTANT_API_URL": world.config.assistant.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_WHATSAPP_NUMBER": NUMBER,
        "TWILIO_API_BASE_URL": twilio_settings.api_base_url,
    }
    done = subprocess.run(
        python("-c", TURN), cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_first_turn_loads_nothing_that_it_does_not_need(first_turn):
    loaded = first_turn.partition("loaded\n")[2].split()
    assert "twilio.rest.api" in loaded
    assert NEVER & set(loaded) == set()
    assert len(loaded) <= MOST_MODULES, len(loaded)


def test_a_first_turn_is_not_spent_on_looking_for_garbage(first_turn):
    line = next(line for line in first_turn.splitlines() if line.startswith("searches "))
    counted = list(map(int, line.split()[1:]))
    assert all(map(le, counted, MOST_SEARCHES)), counted
