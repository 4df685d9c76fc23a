"""A whole gateway that gets Twilio's status callbacks, signed, and a queue that is handed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from lib.errors import GatewayError
from lib.inbound.record import record
from lib.model import Answer, InboundMessage, QueueDelivery, Turn
from lib.queue.decode import decode
from lib.turn.overdue import pick_up
from lib.turn.replay import replay
from lib.turn.respond import respond
from tests.local_gateway import ANN, TOKEN, LocalGateway, local_gateway
from tests.sample import posted, sign

URL = "https://gate.example/whatsapp/status"


@dataclass
class Said:
    """An assistant that gives parts of an answer; each is a chunk of its own, media behind them."""

    parts: int = 1
    media: tuple[str, ...] = ()

    def ask(self, assistant, question, listener) -> Answer:
        words = "word " * 290
        parts = [f"Part {n + 1}: {words}" for n in range(self.parts)]
        return Answer("\n\n".join((*parts, *self.media)))


@dataclass
class Line:
    """A gateway whose clock can be set forward; ``later`` is by how much."""

    local: LocalGateway
    said: Said
    later: timedelta = timedelta()
    waiting: list[QueueDelivery] = field(default_factory=list)

    @property
    def stores(self):
        return self.local.gateway.stores()

    def now(self) -> datetime:
        return self.local.gateway.responder().clock() + self.later

    def ask(self, parts: int = 1, text: str = "Hello", **fields) -> InboundMessage:
        """Have a question answered in so many parts."""
        self.said.parts = parts
        message = self.local.message(text, **fields)
        self.local.gateway.publisher().publish(message)
        self.hand_over()
        return message

    def sids(self, to: str = ANN) -> list[str]:
        """The ids of all that was sent to a person, the oldest first."""
        return [one["sid"] for one in self.local.resources() if one["to"] == f"whatsapp:{to}"]

    def report(self, sid: str, status: str, code: str = "", to: str | None = f"whatsapp:{ANN}"):
        """Post a status callback."""
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": "AC" + "1" * 32}
        form |= {"ErrorCode": code} if code else {}
        form |= {} if to is None else {"To": to}
        request = posted(form, sign(TOKEN, URL, form), path="/whatsapp/status")
        record(request, self.local.gateway.recorder())

    def hand_over(self) -> None:
        """Hand over what is queued, in order; what is refused comes again the next time."""
        again = []
        for delivery in [*self.waiting, *self._queued()]:
            try:
                settled = respond(delivery, self._responder())
            except GatewayError:
                settled = False
            again += [] if settled else [delivery]
        self.waiting = again

    def overtake(self) -> None:
        """Put what was queued last before what was refused: as where another key is used."""
        self.waiting = [*self._queued(), *self.waiting]

    def pass_time(self, **amount: float) -> None:
        """Let time pass, with ticks; then everything is handed over."""
        self.later += timedelta(**amount)
        self.tick()
        self.hand_over()

    def tick(self) -> int:
        requeuer = self.local.gateway.requeuer()
        return pick_up(replace(requeuer, clock=self.now))

    def replay(self, message: InboundMessage) -> None:
        """Replay the message's dead letter, and hand over what that queues."""
        requeuer = replace(self.local.gateway.requeuer(), clock=self.now)
        replay(self.stores.dead_letters.find(message.id), requeuer)
        self.hand_over()

    def turn(self, message: InboundMessage) -> Turn:
        return self.stores.turns.find(message.id)

    def letter(self, message: InboundMessage) -> str:
        """The reason of the message's dead letter; empty if there is none."""
        found = self.stores.dead_letters.find(message.id)
        return found.reason if found else ""

    def _responder(self):
        parts = self.local.gateway.responder()
        deliver = self.local.gateway.deliver()
        dispatch = replace(deliver.keywords["dispatch"], clock=self.now)
        return replace(
            parts,
            clock=self.now,
            clients={"vac": self.said},
            deliver=lambda turn, fresh: deliver.func(turn, dispatch, fresh=fresh),
        )

    def _queued(self) -> list[QueueDelivery]:
        with self.local.gateway.database().transaction() as connection:
            found = connection.execute("SELECT data FROM queued ORDER BY number").fetchall()
            connection.execute("DELETE FROM queued")
        return [QueueDelivery(decode(data), payload=data.decode()) for (data,) in found]


@contextmanager
def line(folder: Path) -> Iterator[Line]:
    """Set it up in a folder."""
    with local_gateway(folder) as table:
        config = table.gateway.config
        table.gateway.config = config._replace(
            twilio=config.twilio._replace(status_callback_url=URL),
            # Callbacks are posted by hand: what is reported by then is seen, nothing is waited for.
            turn=config.turn._replace(chunk_wait=0.001),
        )
        yield Line(table, Said())
