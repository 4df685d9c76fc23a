"""Parts that leave early under attack: two workers, crashes and an assistant of many minds.

Any order of steps, crashes, redeliveries, pauses and failing sends; the person has nothing twice,
nothing out of order, and never two answers in one without being told.
"""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, invariant, rule

from lib.errors import AssistantError
from lib.model import SETTLED
from tests.talking import BROKE_OFF, Talking, check, check_whole, messages, said
from tests.two_workers import WORKERS, TwoWorkersMachine
from tests.workers import LEASE

pytestmark = pytest.mark.thorough

WHAT = ("work",) * 6 + ("crash", "soon", "late")
HOW = ("sent", "sent", "sent", "refused", "lost", "cut")
UNTIL = ("any", "any", "ask", "find", "send", "write_if", "end")
WHOLE = [
    said("alpha", "beta", "gamma", "delta"),
    said("alpha", "beta", "gamma", "delta", "more"),
    said("alpha", "beta", "new"),
    said("alpha", "alpha", "alpha"),
    said("other", "beta", "gamma"),
    ["Something short."],
]
BROKEN = [[*WHOLE[0], AssistantError("cut")], [AssistantError("down")]]


class ManyMinds(TwoWorkersMachine):
    """Two workers on one message, and what is answered to each that asks."""

    def __init__(self):
        super().__init__()
        self.folder = None

    @initialize(sayings=st.lists(st.sampled_from([*WHOLE, *BROKEN]), min_size=1, max_size=4))
    def begin(self, sayings):
        self.folder = tempfile.TemporaryDirectory()
        self.world = Talking(Path(self.folder.name), *sayings)

    @rule(
        what=st.sampled_from(WHAT),
        name=st.sampled_from(WORKERS),
        how=st.sampled_from(HOW),
        until=st.sampled_from(UNTIL),
    )
    def happen(self, what, name, how, until):
        self.begin_or_step(what, name, how, until)

    @invariant()
    def what_is_there_is_what_was_sent_and_in_order(self):
        check(self.world)

    def teardown(self):
        """Whatever happened, one more worker brings it to its end."""
        if self.world is None:
            return
        try:
            for name in WORKERS:
                self.crash(name)
            for _ in range(8):
                self.world.now += LEASE
                self.work("one", "sent", "end")
            assert self.world.turn.state in SETTLED
            self._judge()
        finally:
            self.world.close()
            self.folder.cleanup()

    def _judge(self):
        texts = self.world.texts
        if texts[-1:] == [BROKE_OFF]:
            begun = [messages(one)[: len(texts) - 1] for one in WHOLE]
            assert texts[:-1] in begun
            assert len(texts) > 1
        elif texts != ["Something went wrong while the assistant was answering. Please try again."]:
            check_whole(self.world, WHOLE)


TestManyMinds = ManyMinds.TestCase
TestManyMinds.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
