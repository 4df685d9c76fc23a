"""A responder on a real database, with a provider that takes, loses and reports as it is told.

The code under test is all real but the edges: a sender and an assistant without a network, a
queue in a list, and a clock that is set. Between any two steps a process may end, another worker
may go on, or a callback may come.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from lib.conversation.limits import Limits
from lib.errors import (
    GatewayError,
    SendInDoubtError,
    SendPermanentError,
    SendRetryableError,
)
from lib.inbound.record import Recorder, record
from lib.model import (
    SETTLED,
    Answer,
    Assistant,
    Catalogue,
    Chunk,
    ChunkKind,
    Enclosing,
    InboundMessage,
    OutboundKind,
    OutboundMedia,
    QueueDelivery,
    TurnState,
)
from lib.ports.documents import Key
from lib.ports.typing import no_typing
from lib.queue.envelope import encode
from lib.reply import texts
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores import stores_on
from lib.turn import moves
from lib.turn.deliver import deliver
from lib.turn.lease import LeaseKeeper
from lib.turn.moves import SESSION_WINDOW
from lib.turn.overdue import Requeuer, pick_up
from lib.turn.replay import replay
from lib.turn.respond import respond
from lib.turn.responder import Dispatch, Responder
from lib.twilio.signature import Verifier
from tests.sample import posted
from tests.watched import WatchedDocuments

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SETTLING = timedelta(seconds=5)
ANN = "+15550001111"
AGES = timedelta(days=5)
NO_STEPS = frozenset({"whatsapp_deliveries", "assistants"})
"""Where nothing comes in between: what is known of a copy and its send belong together."""


class PowerCutError(BaseException):
    """The process ends here."""


@dataclass
class Copy:
    """A message that the provider took, and what it has reported of it."""

    sid: str
    text: str
    at: datetime
    is_medium: bool = False
    reported: set[str] = field(default_factory=set)
    troubled: bool = False

    @property
    def arrived(self) -> bool:
        return bool(self.reported & {"delivered", "read"})

    @property
    def failed(self) -> bool:
        return bool(self.reported & {"failed", "undelivered"}) and not self.arrived


@dataclass
class World:
    """Everything. ``fates`` are what becomes of the next sends: ``sent`` unless said otherwise.

    What is ``planned`` happens before the n-th step from now.
    """

    folder: Path
    now: datetime = START
    pictures: bool = False
    fates: list[str] = field(default_factory=list)
    suffered: set[str] = field(default_factory=set)
    copies: list[Copy] = field(default_factory=list)
    queue: list[QueueDelivery] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    replays: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    planned: list[tuple[int, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Database(self.folder / "gateway.db", create, sync=lambda _: None)
        storage = SqliteStorage(self.database, Catalogue(), lambda: self.now)
        self.stores = storage.stores
        stores = stores_on(WatchedDocuments(storage.documents, self._before), lambda: self.now)
        dispatch = Dispatch(stores, self, lambda: self.now, LEASE, SETTLING, 0.0001, self.make)
        self.responder = Responder(
            stores=stores,
            clients={"vac": self},
            deliver=partial(deliver, dispatch=dispatch),
            reopen_window=lambda _: None,
            clock=lambda: self.now,
            # Nobody takes so long here that a lease is renewed.
            keeper=LeaseKeeper(stores.turns, lambda: self.now, timedelta(seconds=0.06)),
            default_assistant=Assistant("default-assistant", "Default Assistant"),
            typing=no_typing,
            limits=Limits(0, 0, 0),
            lease=LEASE,
            queue_again=self.publish,
            enclosing=Enclosing(),
        )
        self.requeuer = Requeuer(stores, self, lambda: self.now)
        self.recorder = Recorder(Verifier(enabled=False), stores, self, ())

    def _before(self, operation: str, key: Key) -> None:
        if key.collection not in NO_STEPS:
            self._step()

    def _step(self) -> None:
        """Do what is planned for now, between two steps of the code."""
        due = [action for left, action in self.planned if left <= 0]
        self.planned = [(left - 1, action) for left, action in self.planned if left > 0]
        for action in due:
            action()

    # The edges

    def ask(self, assistant, question, listener) -> Answer:
        """Answer: each part becomes a chunk of its own."""
        words = "word " * 290
        number = question.text.split()[-1]
        parts = [f"{number}.{part} {words}" for part in range(self.parts[number])]
        return Answer("\n\n".join((*parts, *self._pictures(number))))

    def _pictures(self, number: str) -> list[str]:
        """Where there are pictures, every second answer has one behind its parts."""
        count = int(number) % 2 if self.pictures else 0
        return [f"![{number}.cat](https://example.com/cat.png)"] * count

    def make(self, turn, chunk) -> OutboundMedia | None:
        """Make what is spoken of a question, but of the third."""
        self._step()
        medium = chunk.media
        return None if medium.words.startswith("3") else replace(medium, url="made")

    def send(self, address: str, text: str, form=None) -> str:
        fate = self.fates.pop(0) if self.fates else "sent"
        # There is a text in place of a medium, or nobody needs one.
        self.suffered.add("sent" if fate == "never" and form is not None else fate)
        if fate == "refused":
            raise SendRetryableError("not now")
        if fate == "never":
            raise SendPermanentError("not these words", "63005")
        if fate == "cut":
            raise SendInDoubtError("not taken")
        self.check(label(text, form))
        sid = f"SM{len(self.copies):032x}"
        self.copies.append(Copy(sid, label(text, form), self.now, is_medium=form is not None))
        if fate == "lost":
            raise SendInDoubtError("taken")
        return self.copies[-1].sid

    def find(self, address: str, text: str, since: datetime, form=None) -> list[str]:
        alike = [c for c in self.copies if c.text == label(text, form) and c.at >= since]
        found = [c.sid for c in alike if c.is_medium is (form is not None)]
        self._step()
        return found

    def publish(self, message, *, fast=False) -> None:
        data, _ = encode(message)
        self.queue.append(QueueDelivery(message, payload=data.decode()))

    def check(self, text: str) -> None:
        """Nothing is sent again but what is known to have failed."""
        if text == texts.PART_LOST:
            return
        assert not (text.endswith(".voice") and self.copies_of(text)), f"{text} is spoken again"
        for copy in self.copies_of(text):
            assert not copy.arrived, f"{copy.text} has arrived and is sent again"
            assert copy.failed, f"{copy.text} did not fail and is sent again"

    # What may happen

    def write(self, parts: int, *, speaks: bool = False) -> None:
        """The person asks something that is answered in so many parts, and perhaps spoken."""
        number = str(len(self.parts) + 1)
        self.parts[number] = parts
        message = InboundMessage(f"SMin{number}", ANN, self.now, text=f"Question {number}")
        if speaks:
            self._answer(message, number)
        self.publish(message)

    def _answer(self, message: InboundMessage, number: str) -> None:
        """Store an answer with a voice behind it, as a worker does that ends right after that."""
        data, _ = encode(message)
        turn = moves.start(message.id, ANN, ANN, data.decode(), self.now, self.now)
        turn, _ = self.stores.turns.claim(turn)
        said = [f"{number}.{part} words" for part in range(self.parts[number])]
        spoken = OutboundMedia(OutboundKind.VOICE, words=f"{number}.voice")
        voice = Chunk("", kind=ChunkKind.VOICE, media=spoken)
        self.spoken.add(number)
        answer = moves.answer(turn, said, self.now, self.now, enclosed=[voice])
        self.stores.turns.commit(answer)

    def hand_over(self, *, again: bool = False) -> bool:
        """Hand over the first of the queue, as a process of its own; whether it is done with."""
        if not self.queue:
            return True
        delivery = self.queue[0]
        try:
            settled = respond(delivery, self.responder)
        except PowerCutError:
            return False
        except GatewayError:
            settled = False
        if settled and not again:
            # A worker that went on meanwhile may have been done first.
            self.queue = [one for one in self.queue if one is not delivery]
        return settled

    def report(self, copy: Copy, status: str, code: str = "", *, nameless: bool = False) -> None:
        """A callback comes; only one that is taken counts."""
        self.callback(copy.sid, status, code, nameless=nameless)
        copy.reported.add(status)
        # From then on it may have been acted upon, whatever is said later.
        copy.troubled |= copy.failed

    def callback(self, sid: str, status: str, code: str, *, nameless: bool) -> None:
        form = {"MessageSid": sid, "MessageStatus": status}
        form |= {"ErrorCode": code} if code else {}
        form |= {} if nameless else {"To": f"whatsapp:{ANN}"}
        planned, self.planned = self.planned, []
        record(posted(form, path="/whatsapp/status", host="localhost"), self.recorder)
        self.planned = planned

    def tick(self) -> None:
        try:
            pick_up(self.requeuer)
        except (PowerCutError, GatewayError):
            return

    def replay(self, number: str) -> None:
        """An operator tries again what was given up."""
        letter = self.stores.dead_letters.find(f"SMin{number}")
        if letter is None:
            return
        self.replays[number] += 1
        try:
            replay(letter, self.requeuer)
        except (PowerCutError, GatewayError):
            return

    def settle(self) -> None:
        """Let everything come to its end."""
        self.planned.clear()
        self.fates.clear()
        # What was queued again by the tick in vain is left alone for longer and longer.
        for pause in [timedelta(seconds=45)] * 20 + [timedelta(hours=3)] * 12 + [AGES] * 4:
            self.tick()
            while self.queue and self.hand_over():
                pass
            if not self.queue and not self._unsettled():
                return
            self.now += pause

    def _unsettled(self) -> bool:
        turns = (self.stores.turns.find(f"SMin{number}") for number in self.parts)
        return any(t and t.state not in {*SETTLED, TurnState.PARKED} for t in turns)

    # What came of it

    def copies_of(self, text: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.text == text]

    def wanted(self, number: str) -> list[str]:
        cats = [f"{number}.cat"] if self._pictures(number) and number not in self.spoken else []
        return [*(f"{number}.{part}" for part in range(self.parts[number])), *cats]

    def troubled(self, number: str) -> bool:
        """Whether anything happened after which an answer need not have come as it should."""
        copies = [copy for text in self.wanted(number) for copy in self.copies_of(text)]
        refused = self.now - START > SESSION_WINDOW or "never" in self.suffered
        return refused or any(copy.troubled for copy in copies)

    def close(self) -> None:
        self.database.close()


def label(text: str, form: OutboundMedia | None = None) -> str:
    """What a chunk is called here: its first word, that of a voice, or all of the apology."""
    if form is not None and form.words:
        return form.words
    return text if text == texts.PART_LOST else text.split(" ", 1)[0]
