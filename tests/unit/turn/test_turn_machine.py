"""The turn under attack: two workers, crashes and lost answers in every order.

The world is simulated without I/O: a store that refuses outdated versions, and a provider that
may take a message and lose the answer. Each worker is a generator that stops at every step where
a process can die or the other worker can go on. Whatever the order, each chunk arrives once.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lib.model import SETTLED, ChunkState, InboundMessage, Turn, TurnState
from lib.turn import moves
from lib.turn.moves import Verdict

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SETTLING = timedelta(seconds=5)
MESSAGE = InboundMessage(id="SM1", address="+15550001111", received_at=START)
WORKERS = ("one", "two")


class TakenError(Exception):
    """The stored turn is a newer one."""


@dataclass
class World:
    """A store, a provider and a clock."""

    chunks: int = 2
    now: datetime = START
    stored: Turn | None = None
    versions: int = 0
    received: list[str] = field(default_factory=list)
    listed: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def claim(self, turn: Turn) -> tuple[Turn, bool]:
        if self.stored is not None:
            return self.stored, False
        return self._store(turn), True

    def commit(self, turn: Turn) -> Turn:
        if self.stored is None or self.stored.revision != turn.revision:
            raise TakenError
        return self._store(turn)

    def _store(self, turn: Turn) -> Turn:
        self.versions += 1
        self.stored = replace(turn, revision=str(self.versions))
        return self.stored

    def send(self, text: str) -> str:
        sid = f"out{len(self.received)}"
        self.received.append(text)
        self.listed.append((sid, text))
        return sid

    def find(self, turn: Turn, text: str) -> str:
        known = {chunk.sid for chunk in turn.chunks}
        return next((sid for sid, body in self.listed if body == text and sid not in known), "")


def worker(world: World, say: list[str]):  # noqa: C901 - one delivery, to be read as a whole
    """One delivery of the message: yields wherever it may be interrupted, with what comes next.

    What is sent back decides how the provider behaves at a send: ``sent``, ``refused`` (surely
    not taken), ``lost`` (taken, the answer lost) or ``cut`` (not taken, nobody knows).
    """
    until = world.now + LEASE
    turn, ours = world.claim(moves.start(MESSAGE, "payload", world.now, until))
    if not ours:
        if moves.judge(turn, world.now) is not Verdict.RESUME:
            return
        turn = world.commit(moves.resume(turn, world.now + LEASE))
    in_doubt = True
    if turn.state is TurnState.THINKING:
        yield "think"
        world.asked += 1
        yield "store"
        turn = world.commit(moves.answer(turn, say, world.now, world.now + LEASE))
        in_doubt = False
    elif moves.open_chunk(turn) is None:
        turn = world.commit(moves.open_next(turn, world.now, world.now + LEASE))
        in_doubt = False
    while turn.state is TurnState.ANSWERED:
        chunk = moves.open_chunk(turn)
        yield "look up" if in_doubt else "go on"
        sid = world.find(turn, chunk.text) if in_doubt else ""
        if not sid:
            how = yield "send"
            if how == "refused":
                world.commit(moves.let_go(turn, world.now, in_doubt=False))
                return
            if how == "cut":
                world.commit(moves.let_go(turn, world.now + SETTLING, in_doubt=True))
                return
            # A worker whose lease ran out while it slept may not send: see the rule below.
            sid = world.send(chunk.text)
            if how == "lost":
                world.commit(moves.let_go(turn, world.now + SETTLING, in_doubt=True))
                return
        yield "close"
        turn = world.commit(moves.close(turn, sid, world.now, world.now + LEASE))
        in_doubt = False


class TwoWorkers(RuleBasedStateMachine):
    """Any order of steps, crashes, redeliveries and pauses."""

    def __init__(self):
        super().__init__()
        self.world = World()
        self.say = ["first", "same", "same"]
        self.running = {}
        self.next = {}

    @rule(name=st.sampled_from(WORKERS))
    def deliver(self, name):
        if name not in self.running:
            self._run(name, worker(self.world, self.say), None)

    @rule(
        name=st.sampled_from(WORKERS),
        how=st.sampled_from(["sent", "sent", "refused", "lost", "cut"]),
    )
    def step(self, name, how):
        if name in self.running:
            self._run(name, self.running[name], how if self.next[name] == "send" else None)

    @rule(name=st.sampled_from(WORKERS))
    def crash(self, name):
        self.running.pop(name, None)

    @rule()
    def soon(self):
        self.world.now += SETTLING

    @precondition(lambda self: not self._a_send_is_close())
    @rule()
    def late(self):
        """A lease runs out. Not between look-up and close: their time limits are shorter."""
        self.world.now += LEASE

    def _a_send_is_close(self):
        return any(
            self.next[name] in {"go on", "look up", "send", "close"} for name in self.running
        )

    def _run(self, name, steps, how):
        # Steps take far less than the lease, which every commit renews.
        try:
            self.next[name] = steps.send(how)
            self.running[name] = steps
        except (StopIteration, TakenError):
            self.running.pop(name, None)

    @invariant()
    def nothing_is_repeated_or_out_of_order(self):
        assert self.world.received == self.say[: len(self.world.received)]

    @invariant()
    def what_is_delivered_was_received(self):
        turn = self.world.stored
        if turn and turn.state is TurnState.DELIVERED:
            assert self.world.received == self.say
            assert [chunk.sid for chunk in turn.chunks] == ["out0", "out1", "out2"]

    @invariant()
    def one_chunk_is_open_at_most_and_none_before_it_is_unsent(self):
        turn = self.world.stored
        if turn and turn.chunks:
            states = [chunk.state for chunk in turn.chunks]
            assert states.count(ChunkState.SENDING) <= 1
            index = moves.first_unsent(turn)
            assert index is None or ChunkState.SENT not in states[index:]

    def teardown(self):
        """Whatever happened, one more worker brings it to its end."""
        self.running.clear()
        for _ in range(len(self.say) + 3):
            self.world.now += LEASE
            self._finish()
        assert self.world.stored.state in SETTLED
        assert self.world.received == self.say

    def _finish(self):
        steps, how = worker(self.world, self.say), None
        try:
            while True:
                how = "sent" if steps.send(how) == "send" else None
        except StopIteration:
            return


TestTwoWorkers = TwoWorkers.TestCase
TestTwoWorkers.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
