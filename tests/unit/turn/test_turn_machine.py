"""The turn under attack: two workers, crashes and lost answers in every order.

What is driven is the code itself, ``respond`` and ``deliver`` on a real database, by workers that
stop at every step where a process can die or the other worker can go on (``tests.workers``).
Whatever the order, each chunk arrives once.
"""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lib.model import SETTLED, ChunkState, TurnState
from tests.workers import LEASE, SETTLING, Worker, World

pytestmark = pytest.mark.slow

WORKERS = ("one", "two")
WHAT = ("work",) * 5 + ("crash", "soon", "late")
HOW = ("sent", "sent", "sent", "refused", "lost", "cut")
UNTIL = ("any", "any", "ask", "find", "send", "write_if", "end")
# Each fills a chunk of its own; two of them have the same words.
SAY = [f"{word} {'word ' * 290}".strip() for word in ("first", "same", "same")]


class TwoWorkers(RuleBasedStateMachine):
    """Any order of steps, crashes, redeliveries and pauses."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), SAY)
        self.running = {}

    @rule(
        what=st.sampled_from(WHAT),
        name=st.sampled_from(WORKERS),
        how=st.sampled_from(HOW),
        until=st.sampled_from(UNTIL),
    )
    def happen(self, what, name, how, until):
        """One rule for all: hypothesis leaves out rules, and without work nothing happens."""
        if what == "work":
            self._work(name, how, until)
        elif what == "crash":
            self._crash(name)
        elif not any(worker.is_sending for worker in self.running.values()):
            # Not within a send: its time limit is shorter.
            self.world.now += SETTLING if what == "soon" else LEASE

    def _work(self, name, how, until):
        """A worker that is idle gets the message; it takes a step, or all up to one of a kind."""
        if name not in self.running:
            self._keep(name, Worker(self.world.responder))
        while name in self.running:
            self.running[name].step(how)
            self._keep(name, self.running[name])
            if name in self.running and until in {"any", self.running[name].at}:
                break

    def _crash(self, name):
        if name in self.running:
            self.running.pop(name).crash()

    def _keep(self, name, worker):
        self.running[name] = worker
        if not worker.at:
            del self.running[name]

    @invariant()
    def nothing_is_repeated_or_out_of_order(self):
        assert self.world.texts == SAY[: len(self.world.texts)]

    @invariant()
    def what_is_delivered_was_received(self):
        turn = self.world.turn
        if turn and turn.state is TurnState.DELIVERED:
            assert self.world.texts == SAY
            assert [chunk.sid for chunk in turn.chunks] == ["out0", "out1", "out2"]

    @invariant()
    def one_chunk_is_open_at_most_and_none_before_it_is_unsent(self):
        turn = self.world.turn
        if turn and turn.chunks:
            states = [chunk.state for chunk in turn.chunks]
            assert states.count(ChunkState.SENDING) <= 1
            unsent = [state is not ChunkState.SENT for state in states]
            assert unsent == sorted(unsent)

    def teardown(self):
        """Whatever happened, one more worker brings it to its end."""
        try:
            for name in WORKERS:
                self._crash(name)
            for _ in range(len(SAY) + 3):
                self.world.now += LEASE
                self._work("one", "sent", "end")
            assert self.world.turn.state in SETTLED
            assert self.world.texts == SAY
        finally:
            self.world.close()
            self.folder.cleanup()


TestTwoWorkers = TwoWorkers.TestCase
TestTwoWorkers.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
