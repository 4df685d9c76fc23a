"""Bursts under attack: two workers, messages handed over in any order, crashes and lost leases.

A queue in order would never do all of that. Whatever it does, each message is in one question that
is answered, and none is answered twice.
"""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lib.model import SETTLED, TurnState
from tests.bursts import LEASE, SETTLING, World
from tests.workers import Worker, stop

pytestmark = pytest.mark.thorough

WORKERS = ("one", "two")
WHAT = ("work",) * 6 + ("crash", "soon", "late")
UNTIL = ("any", "ask", "send", "write_if", "pause", "publish", "end", "end")
TYPED = ("m1", "m2", "m3.", "/list")


class Burst(RuleBasedStateMachine):
    """Any order of steps, crashes, redeliveries and pauses."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), stop)
        for text in TYPED:
            self.world.write(text)
        self.deliveries = tuple(self.world.queue)
        self.running = {}

    @rule(
        what=st.sampled_from(WHAT),
        name=st.sampled_from(WORKERS),
        which=st.integers(0, len(TYPED) - 1),
        until=st.sampled_from(UNTIL),
    )
    def happen(self, what, name, which, until):
        """One rule for all: hypothesis leaves out rules, and without work nothing happens."""
        if what == "work":
            self._work(name, which, until)
        elif what == "crash":
            self._crash(name)
        elif not any(worker.is_sending for worker in self.running.values()):
            # Not within a send: its time limit is shorter.
            self.world.now += SETTLING if what == "soon" else LEASE

    def _work(self, name, which, until):
        """A worker that is idle gets a message; it takes a step, or all up to one of a kind."""
        if name not in self.running:
            self._keep(name, Worker(self.world.responder, self.deliveries[which]))
        while name in self.running:
            self.running[name].step()
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
    def nothing_is_answered_twice(self):
        assert len(self.world.words) == len(set(self.world.words))

    @invariant()
    def a_message_belongs_to_one_question_at_most(self):
        turns = self._turns()
        for turn in turns:
            assert len(set(turn.parts)) == len(turn.parts)
            holds = [one.id for one in turns if turn.payload in one.parts]
            assert holds == ([turn.joined_to] if turn.joined_to else [])
            if turn.joined_to:
                assert (turn.state, turn.chunks) == (TurnState.DELIVERED, ())

    def _turns(self):
        ids = (delivery.item.id for delivery in self.deliveries)
        return [turn for turn in map(self.world.turn, ids) if turn]

    def teardown(self):
        """Whatever happened, one more worker brings each message to its end."""
        try:
            for name in WORKERS:
                self._crash(name)
            for _ in range(3):
                for which in range(len(TYPED)):
                    self.world.now += LEASE
                    self._work("one", which, "end")
            assert {turn.state for turn in self._turns()} <= SETTLED
            assert sorted(self.world.words) == sorted(TYPED)
        finally:
            self.world.close()
            self.folder.cleanup()


TestBurst = Burst.TestCase
TestBurst.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
