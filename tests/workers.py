"""Workers that stop at every step: two of them on one message, in whatever order a test says.

Each is the code itself in a thread of its own, on a real database. It goes on to its next step only
when it is told to, so a test decides who does what when, and where a process ends.
"""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from lib.conversation.limits import Limits
from lib.errors import GatewayError, SendInDoubtError, SendPermanentError, SendRetryableError
from lib.model import (
    Answer,
    Assistant,
    Catalogue,
    Chunk,
    InboundMessage,
    OutboundMedia,
    QueueDelivery,
    Turn,
)
from lib.ports.typing import no_typing
from lib.queue.envelope import encode
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores import stores_on
from lib.turn import moves
from lib.turn.cancelling import Canceller, cancel
from lib.turn.deliver import deliver
from lib.turn.lease import LeaseKeeper
from lib.turn.respond import respond
from lib.turn.responder import Dispatch, Responder
from tests.carrying import PowerCutError
from tests.watched import WatchedDocuments

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SETTLING = timedelta(seconds=5)
MESSAGE = InboundMessage("SM1", "+15550001111", START, text="Hello")
DELIVERY = QueueDelivery(MESSAGE, payload="payload")


def handed_over(message: InboundMessage, *, fast: bool = False) -> QueueDelivery:
    """A message as the queue hands it over."""
    return QueueDelivery(message, payload=encode(message)[0].decode(), fast=fast)


class Worker(threading.Thread):
    """One delivery of a message. ``at`` is the step before which it stands; empty at its end."""

    def __init__(
        self,
        responder: Responder,
        what: QueueDelivery | InboundMessage = DELIVERY,
        *,
        fast: bool = False,
    ) -> None:
        super().__init__(daemon=True)
        delivery = what if isinstance(what, QueueDelivery) else handed_over(what, fast=fast)
        self._responder, self._delivery = responder, delivery
        self.settled = False
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self.at, self.before, self.how, self.crashed = "", "", "", False
        self.start()
        self._stands.acquire()

    def run(self) -> None:
        try:
            self.settled = respond(self._delivery, self._responder)
        except (GatewayError, PowerCutError):
            pass
        finally:
            self.at = ""
            self._stands.release()

    def stop(self, step: str) -> str:
        """Stand before a step until it is told how to go on."""
        self.at = step
        self._stands.release()
        self._go.acquire()
        if self.crashed:
            raise PowerCutError
        self.before = step
        return self.how

    def step(self, how: str = "sent") -> None:
        """Take one step. ``how`` is what becomes of a send."""
        self.how = how
        self._go.release()
        self._stands.acquire()

    def crash(self) -> None:
        """End here, as a process does that is killed."""
        self.crashed = True
        self._go.release()
        self.join()

    @property
    def is_sending(self) -> bool:
        """Whether a send is begun and not yet noted."""
        return self.at == "send" or (self.before == "send" and self.at == "write_if")


def stop(step: str) -> str:
    """Stand before a step if this is a worker."""
    worker = threading.current_thread()
    return worker.stop(step) if isinstance(worker, Worker) else ""


def seen(text: str, form: OutboundMedia | None) -> str:
    """What a person sees of a chunk: a medium by what it shows, with which it is looked up."""
    return f"<{form.kind.value} {form.caption}>" if form is not None else text


@dataclass
class World:
    """A database, a provider, an assistant that says the given parts, and a clock."""

    folder: Path
    parts: list[str]
    now: datetime = START
    asked: int = 0
    received: list[tuple[str, str, datetime]] = field(default_factory=list)
    queued: list[InboundMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Database(self.folder / "gateway.db", create, sync=lambda _: None)
        storage = SqliteStorage(self.database, Catalogue(), lambda: self.now)
        self.stores = storage.stores
        watched = WatchedDocuments(storage.documents, lambda operation, _: stop(operation))
        stores = stores_on(watched, lambda: self.now)
        dispatch = Dispatch(stores, self, lambda: self.now, LEASE, SETTLING, 0, self.make)
        # By a clock that stands still no lease is ever due: as in a process that is frozen.
        keeper = LeaseKeeper(self.stores.turns, lambda: START, timedelta(seconds=0.06))
        self.responder = Responder(
            stores=stores,
            clients={"vac": self},
            deliver=partial(deliver, dispatch=dispatch),
            reopen_window=lambda _: None,
            clock=lambda: self.now,
            keeper=keeper,
            default_assistant=Assistant("default-assistant", "Default Assistant"),
            typing=no_typing,
            limits=Limits(),
            lease=LEASE,
            queue_again=self.queued.append,
            cancel=partial(cancel, canceller=Canceller(stores, keeper, lambda: self.now)),
        )

    def ask(self, assistant, question, listener) -> Answer:
        stop("ask")
        self.asked += 1
        listener.stop.check()
        return Answer("\n\n".join(self.parts))

    def make(self, turn: Turn, chunk: Chunk) -> OutboundMedia | None:
        """Make a medium, or fail to."""
        medium = chunk.media
        return None if stop("make") == "never" else replace(medium, url=f"made {medium.words}")

    def send(self, address: str, text: str, form=None) -> str:
        """Take the words or a medium, refuse them, or leave it open whether they were taken."""
        how = stop("send")
        if how == "refused":
            raise SendRetryableError("not now")
        if how == "cut":
            raise SendInDoubtError("not taken")
        if how == "never" and form is not None:
            raise SendPermanentError("not this", "63021")
        sid = f"out{len(self.received)}"
        self.received.append((sid, seen(text, form), self.now))
        if how == "lost":
            raise SendInDoubtError("taken")
        return sid

    def find(self, address: str, text: str, since: datetime, form=None) -> list[str]:
        stop("find")
        sought = seen(text, form)
        return [sid for sid, body, at in self.received if body == sought and at >= since]

    def answer(self, *chunks: Chunk) -> None:
        """Store the turn with its answer, as a worker does that ends right after that."""
        turn = moves.start("SM1", MESSAGE.address, MESSAGE.address, "payload", self.now, self.now)
        turn, _ = self.stores.turns.claim(turn)
        self.stores.turns.commit(moves.answer(turn, (), self.now, self.now, enclosed=chunks))

    @property
    def turn(self) -> Turn | None:
        return self.stores.turns.find(MESSAGE.id)

    @property
    def texts(self) -> list[str]:
        """What the person has, in order."""
        return [text for _, text, _ in self.received]

    def close(self) -> None:
        self.database.close()
