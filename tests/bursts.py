"""A person who writes in pieces, a queue in order, and workers that may end before each step.

The code under test is all real, on a real database; only the edges have no network: an assistant
that repeats the question, a provider that takes every message, a queue in a list, a set clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from lib.conversation.limits import Limits
from lib.errors import GatewayError
from lib.model import (
    Answer,
    Assistant,
    Catalogue,
    InboundMessage,
    QueueDelivery,
    Session,
    Turn,
)
from lib.ports.typing import no_typing
from lib.queue.envelope import encode
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores import stores_on
from lib.turn.deliver import deliver
from lib.turn.lease import LeaseKeeper
from lib.turn.overdue import Requeuer, pick_up
from lib.turn.respond import respond
from lib.turn.responder import Dispatch, Responder
from tests.carrying import PowerCutError
from tests.watched import WatchedDocuments

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SETTLING = timedelta(seconds=5)
MOMENT = timedelta(milliseconds=10)
ANN = "+15550001111"
LISTED = "📋"
"""What the answer to /list begins with."""


@dataclass
class World:
    """Everything. ``step`` is told before each step of a worker, and may end it there.

    ``meanwhile`` is what happens the first time that a worker gets to a step of this name.
    """

    folder: Path
    step: Callable[[str], object]
    joins: bool = True
    limits: Limits = field(default_factory=Limits)
    now: datetime = START
    queue: list[QueueDelivery] = field(default_factory=list)
    received: list[tuple[str, str, datetime]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    acks_lost: dict[str, bool] = field(default_factory=dict)
    meanwhile: dict[str, list[Callable[[], object]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = Database(self.folder / "gateway.db", create, sync=lambda _: None)
        self.storage = SqliteStorage(self.database, Catalogue(), lambda: self.now)
        self.stores = self.storage.stores
        watched = WatchedDocuments(
            self.storage.documents, lambda operation, key: self._before(operation, key.collection)
        )
        stores = stores_on(watched, lambda: self.now)
        dispatch = Dispatch(stores, self, lambda: self.now, LEASE, SETTLING, 0)
        self.responder = Responder(
            stores=stores,
            clients={"vac": self},
            deliver=partial(deliver, dispatch=dispatch),
            reopen_window=lambda _: None,
            clock=lambda: self.now,
            # By a clock that stands still no lease is ever due: as in a process that is frozen.
            keeper=LeaseKeeper(self.stores.turns, lambda: START, timedelta(seconds=0.06)),
            default_assistant=Assistant("default-assistant", "Default Assistant"),
            typing=no_typing,
            limits=self.limits,
            lease=LEASE,
            joins=self.joins,
            queue_again=self.publish,
            pause=self._pause,
        )
        self.requeuer = Requeuer(self.stores, self, lambda: self.now)

    def _before(self, name: str, collection: str = "") -> None:
        if collection == "assistants":  # read by a thread of its own, and kept
            return
        self.now += MOMENT
        for happen in self.meanwhile.pop(name, []):
            happen()
        self.step(name)

    # The edges

    def _pause(self, seconds: float) -> None:
        self._before("pause")
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)

    def publish(self, message: InboundMessage, *, fast: bool = False) -> None:
        self._before("publish")
        self.queue.append(queued(message))

    def ask(self, assistant, question, listener) -> Answer:
        self._before("ask")
        self.questions.append(question.text)
        self.now += timedelta(seconds=3)
        self._before("answered")
        return Answer(" ".join(question.text.split()))

    def send(self, address: str, text: str, menu=None) -> str:
        self._before("send")
        sid = f"out{len(self.received)}"
        self.received.append((sid, text, self.now))
        return sid

    def find(self, address: str, text: str, since: datetime, menu=None) -> list[str]:
        return [sid for sid, body, at in self.received if body == text and at >= since]

    # What may happen

    def write(self, text: str, **fields) -> InboundMessage:
        """The person writes; the message is queued behind all that is."""
        number = len(self.typed) + 1
        message = InboundMessage(f"SM{number}", ANN, self.now, text=text, **fields)
        self.typed.append(text)
        self.queue.append(queued(message))
        self.now += MOMENT
        return message

    def hand_over(self) -> bool:
        """Hand over the first of the queue; whether it is done with, and gone from the queue."""
        delivery = self.queue[0]
        try:
            settled = respond(delivery, self.responder)
        except (PowerCutError, GatewayError):
            settled = False
        if settled and self.acks_lost.pop(delivery.item.id, False):
            settled = False  # for all that the queue knows
        if settled:
            self.queue.remove(delivery)
        else:
            self.now += LEASE
        return settled

    def settle(self) -> None:
        """Hand over what is queued until nothing is."""
        for _ in range(200):
            if not self.queue:
                return
            self.hand_over()
        raise AssertionError(f"still queued: {[one.item for one in self.queue]}")

    def lose_acks(self) -> None:
        """Let each message that is written be handed over once more than it would be."""
        self.acks_lost = {f"SM{number}": True for number in range(1, 20)}

    def tick(self) -> None:
        pick_up(self.requeuer)

    # What came of it

    @property
    def words(self) -> list[str]:
        """What the person reads, as the words of the questions; commands by their name."""
        told = ("/list" if text.startswith(LISTED) else text for _, text, _ in self.received)
        return " ".join(told).split()

    def turn(self, message_id: str) -> Turn | None:
        return self.stores.turns.find(message_id)

    @property
    def session(self) -> Session | None:
        return self.stores.conversations.read(ANN, "").session

    @property
    def history(self) -> list[tuple[str, str, str]]:
        """Whose message, by whom, and the words, in the order of their times."""
        kept = [one.document for _, one in self.stores.history.documents_of(ANN)]
        kept.sort(key=lambda one: one["created_at"])
        return [(one["message_id"], one["role"], one["content"]) for one in kept]

    def close(self) -> None:
        self.database.close()


def queued(message: InboundMessage) -> QueueDelivery:
    """A message as the queue hands it over."""
    return QueueDelivery(message, payload=encode(message)[0].decode())
