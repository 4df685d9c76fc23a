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
from hypothesis.stateful import invariant, rule

from lib.model import SETTLED, ChunkState, TurnState
from tests.two_workers import WORKERS, TwoWorkersMachine
from tests.workers import LEASE, World

pytestmark = pytest.mark.thorough

WHAT = ("work",) * 5 + ("crash", "soon", "late")
HOW = ("sent", "sent", "sent", "refused", "lost", "cut")
UNTIL = ("any", "any", "ask", "find", "send", "write_if", "end")
# Each fills a chunk of its own; two of them have the same words.
SAY = [f"{word} {'word ' * 290}".strip() for word in ("first", "same", "same")]


class TwoWorkers(TwoWorkersMachine):
    """Any order of steps, crashes, redeliveries and pauses."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), SAY)

    @rule(
        what=st.sampled_from(WHAT),
        name=st.sampled_from(WORKERS),
        how=st.sampled_from(HOW),
        until=st.sampled_from(UNTIL),
    )
    def happen(self, what, name, how, until):
        self.begin_or_step(what, name, how, until)

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
                self.crash(name)
            for _ in range(len(SAY) + 3):
                self.world.now += LEASE
                self.work("one", "sent", "end")
            assert self.world.turn.state in SETTLED
            assert self.world.texts == SAY
        finally:
            self.world.close()
            self.folder.cleanup()


TestTwoWorkers = TwoWorkers.TestCase
TestTwoWorkers.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
