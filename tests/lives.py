"""People with a long story, and all places where something of them is kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lib.conversation.erasure import erasure_of
from lib.conversation.sessions import open_session
from lib.model import (
    Chunk,
    ChunkState,
    DeadLetter,
    Exchange,
    HistoryEntry,
    InboundMessage,
    Menu,
    MenuKind,
    Option,
    Role,
    Turn,
    TurnState,
)
from lib.model.erasure import Erasure
from lib.ports.media_store import StoredMedium
from lib.queue import rows
from lib.queue.envelope import encode
from lib.queue.local import LocalQueue
from lib.storage.sqlite.database import Database
from lib.storage.stores import stores_on
from lib.storage.stores.consents import ConsentEvent, consent_write
from lib.storage.stores.sessions import link_write, session_write
from lib.storage.stores.turns import turn_write
from lib.turn.eraser import Eraser
from lib.twilio.message_records import TwilioRecords
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND
from tests.kept_media import FolderOfMedia
from tests.stores import FirestoreBackend, SqliteBackend
from tests.watched import WatchedDocuments

NUMBER = "+14155238886"
ACCOUNT_SID = "AC" + "1" * 32
TOKEN = "local-token"


class Killed(BaseException):
    """The process ended."""


class Steps:
    """Counts what is done, and ends the process before the step of a number."""

    def __init__(self):
        self.taken = 0
        self.last = None

    def __call__(self, *_):
        self.taken += 1
        if self.taken == self.last:
            raise Killed

    def kill_at(self, number):
        self.taken, self.last = 0, number


class World:
    """Both ends of a gateway: what it keeps, what waits in its queue, and Twilio."""

    def __init__(self, backend, folder, account, url):
        self.backend, self.account = backend, account
        self.steps = Steps()
        self.now = datetime.now(UTC)
        self.documents = backend.storage().documents
        self.media_folder = folder / "media"
        self.media = FolderOfMedia(self.media_folder)
        self.queue_database = Database(folder / "queue" / "queue.db", rows.create)
        self.queue = LocalQueue(self.queue_database, lambda: self.now)
        watched = WatchedDocuments(self.documents, self.steps)
        self.stores = stores_on(watched, lambda: self.now, secret=b"key")
        self.told = []
        self.eraser = Eraser(
            documents=watched,
            stores=self.stores,
            records=TwilioRecords(ACCOUNT_SID, TOKEN, ACCOUNT_SID, url, self.steps),
            clock=lambda: self.now,
            media=self,
            purge=self.purge,
            tell=lambda *told: (self.steps(), self.told.append(told)),
        )

    def delete(self, owner, among=None):
        self.steps()
        return self.media.delete(owner, among)

    def purge(self, addresses, before, since=None):
        self.steps()
        self.queue.purge(addresses, before, since)

    def keep(self, *writes):
        for one in writes:
            self.documents.write_if(one.key, one.document, None)

    def everything(self):
        """All that is kept anywhere, as one text."""
        return "\n".join(self.pieces())

    def pieces(self):
        """All that is kept anywhere, each document, message and file as a text."""
        found = [repr(one) for one in kept_by(self.backend)]
        with self.queue_database.reading() as table:
            found += map(repr, table.execute("SELECT key, data FROM queued").fetchall())
        found += (f"{one.name} {one.read_bytes()!r}" for one in self.media_folder.iterdir())
        messages = self.account.messages.all()
        media = (self.account.media.get(sid) for one in messages for sid in one.media)
        return [*found, *map(repr, messages), *map(repr, media)]


def kept_by(backend):
    if isinstance(backend, SqliteBackend):
        with backend.database.reading() as table:
            return table.execute("SELECT collection, id, body FROM documents").fetchall()
    return [
        (collection.id, one.id, one.to_dict())
        for collection in backend.client.collections()
        for one in collection.stream()
    ]


@contextmanager
def a_world(backend: SqliteBackend | FirestoreBackend, folder: Path) -> Iterator[World]:
    """Give a world that is kept in a database, with a Twilio of its own."""
    account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
    with serve(twilio.create_app(account)) as server:
        world = World(backend, folder, account, server.url)
        yield world
        world.queue_database.close()
    account.close()


class Person:
    """Somebody with a story; ``word`` is in everything they and the gateway said."""

    def __init__(self, number, world, phone=""):
        self.phone, self.user_id = phone or f"+1555000{number:04}", f"US.SCOPED{number:04}"
        self.word = f"zebra{number:04}"
        self.sid = f"SM{number:04}"
        self.world, self.number = world, number

    def traces(self):
        return self.phone.lstrip("+"), self.user_id, self.word

    def message(self, which, **fields):
        at = self.world.now - timedelta(minutes=5)
        return InboundMessage(
            id=f"{self.sid}{which}",
            address=self.phone,
            received_at=at,
            text=f"my {self.word}",
            profile_name=f"{self.word} Smith",
            user_id=self.user_id,
            **fields,
        )

    def turn(self, which, state, *chunks):
        message, now = self.message(which), self.world.now
        return Turn(
            id=message.id,
            contact=self.phone,
            address=self.phone,
            state=state,
            attempt=1,
            lease_until=now,
            created_at=now - timedelta(minutes=4),
            chunks=chunks,
            payload=encode(message)[0].decode(),
            parts=(encode(self.message(f"{which}P"))[0].decode(),),
        )

    def live(self):
        """Let everything be kept that is ever kept of anybody."""
        world, now = self.world, self.world.now
        sent = self.twilio(f"whatsapp:{self.phone}", f"whatsapp:{NUMBER}", status="delivered")
        medium = world.account.media.add(Medium("image/png", self.word.encode(), "x.png"))
        self.twilio(
            f"whatsapp:{NUMBER}",
            f"whatsapp:{self.phone}",
            direction=INBOUND,
            status="received",
            media=(medium.sid,),
        )
        session, beside = self.session()
        menu = Menu(MenuKind.REPLIES, self.word, (Option("/list", self.word),))
        chunks = (
            Chunk(self.word, ChunkState.SENT, sent.sid, menu=menu),
            Chunk(self.word, ChunkState.SENT, f"SMvoice{self.sid}"),
        )
        turns = (
            self.turn(1, TurnState.DELIVERED, *chunks),
            self.turn(2, TurnState.DEAD, Chunk(self.word, ChunkState.GIVEN_UP)),
            self.turn(3, TurnState.PARKED, Chunk(self.word)),
            replace(self.turn(4, TurnState.DELIVERED), contact=self.user_id),
        )
        stores = world.stores
        letter = DeadLetter(
            f"{self.sid}2", "reason", turns[1].payload, now, turns[1].trace_id, None, self.phone
        )
        consent = ConsentEvent(session.name, "granted", "word", turns[0].id, now, self.word)
        said = [
            HistoryEntry(one.id, role, self.word, "assistant", session.name, "a", one.trace_id, now)
            for one in turns
            for role in Role
        ]
        world.documents.replace([*beside, session_write(session)])
        world.keep(
            link_write(self.user_id, self.phone),
            *map(turn_write, turns),
            *map(stores.history.write, said),
            stores.deliveries.sent_write(sent.sid, turns[0]),
            stores.dead_letters.write(letter),
            consent_write(consent),
        )
        stores.stops.mark(self.phone, now - timedelta(minutes=3), now)
        self.medium("1")
        world.queue.publish(self.message(5))
        world.queue.publish(self.message(6), fast=True)

    def session(self):
        """Their session, and what is written with it where somebody else had the number."""
        stores, now = self.world.stores, self.world.now
        known = stores.conversations.read(self.phone, self.user_id)
        first = self.message(1)
        begun = open_session(known, first, "default-assistant", now - timedelta(minutes=4))
        session = replace(
            begun,
            created_at=now - timedelta(days=1),
            recent=(Exchange(self.word, self.word),),
            parked=(f"{self.sid}3",),
        )
        former = known.former
        return session, stores.sessions.archive(former, first.received_at) if former else ()

    def medium(self, key):
        """Let one of their files be kept now."""
        folder, at = self.world.media_folder, self.world.now.timestamp()
        known = set(folder.iterdir())
        key = f"{self.sid}-{key}"
        kept = StoredMedium(self.word.encode(), "text/plain", "x.txt")
        self.world.media.put(self.phone, key, kept)
        for file in set(folder.iterdir()) - known:
            os.utime(file, (at, at))

    def twilio(self, to, sender, **fields):
        messages = self.world.account.messages
        message = messages.add(ACCOUNT_SID, to, sender, self.word, **fields)
        # Twilio's clock is the machine's; a world may be ahead of it.
        at = max(self.world.now, message.created_at)
        return messages.change(message.sid, created_at=at)

    def wish(self, address):
        """Let them ask to be forgotten, from an address that is theirs now, and be told."""
        stores, now = self.world.stores, self.world.now
        person = stores.conversations.read(address, self.user_id)
        message = replace(self.message(8), address=address, received_at=now)
        session = open_session(person, message, "default-assistant", now)
        erasure = erasure_of(person, session, message.id, now, now, stores)
        turn = replace(self.turn(8, TurnState.DELIVERED), contact=person.contact, address=address)
        claimed, _ = stores.turns.claim(turn)
        stores.turns.commit(claimed, stores.erasures.writes(erasure))
        return erasure.id

    def ask(self):
        """Let them have asked to be forgotten, and been told."""
        world = self.world
        # Twilio's clock is the machine's.
        world.now = max(world.now, datetime.now(UTC))
        turn = self.turn(7, TurnState.DELIVERED)
        erasure = Erasure(
            id=world.stores.erasures.id_of(self.phone),
            names=(self.phone, self.user_id),
            histories=(self.phone,),
            turn=turn.id,
            before=world.now,
            at=world.now,
            due_at=world.now,
        )
        world.keep(turn_write(turn), *world.stores.erasures.writes(erasure))
        return erasure.id
