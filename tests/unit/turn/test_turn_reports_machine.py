"""Reports under attack: every status, in every order and at every step, with crashes between.

What is driven is the code itself on a real database (``tests.carrying``). Whatever the order: what
is known to have arrived is never sent again, nothing is sent twice that did not fail, and nobody
is left without a word.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from lib.model import SETTLED, TurnState
from lib.reply import texts
from tests.carrying import PowerCutError, World

pytestmark = pytest.mark.thorough

CODES = ("63018", "63018", "63010", "63016", "63021", "63021", "63024", "63051", "30008", "")
HOPELESS = {"undelivered 63024", "undelivered 63051", "expired", "parked_expired"}
STATUSES = ("failed", "undelivered", "delivered", "read", "sent")
FATES = ("sent", "sent", "sent", "refused", "never", "lost", "cut")
statuses, codes = st.sampled_from(STATUSES), st.sampled_from(CODES)
which = st.integers(0, 5)
callbacks = st.tuples(which, statuses, codes)
fates = st.lists(st.sampled_from(FATES), max_size=3)
pauses = st.sampled_from([0, 0, 6, 11, 11, 61, 3600, 25 * 3600, 8 * 24 * 3600])


class Reports(RuleBasedStateMachine):
    """One person, some questions, and a provider that says anything at any time.

    Few rules, each with much in it: every run is to meet several of them, often.
    """

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), pictures=True)

    @initialize(parts=st.integers(1, 3), fates=fates, speaks=st.booleans())
    def begin(self, parts, fates, speaks):
        self.write(parts, fates, speaks)

    @precondition(lambda self: len(self.world.parts) < 3)
    @rule(parts=st.integers(1, 3), fates=fates, speaks=st.booleans())
    def write(self, parts, fates, speaks):
        self.world.fates = fates
        self.world.write(parts, speaks=speaks)
        self.world.hand_over()

    @rule(said=st.lists(callbacks, min_size=1, max_size=4), at_once=st.booleans())
    def report(self, said, at_once):
        """Callbacks come, and each is acted upon before the next, or not."""
        for one in said:
            self._report(*one)
            if at_once:
                self.world.hand_over()

    @rule(one=callbacks)
    def report_on_nobody(self, one):
        """A callback without a recipient, and one on what was never ours."""
        self._report(*one, nameless=True)
        self.world.callback("SMelsewhere", *one[1:], nameless=one[0] > 2)

    @rule(seconds=pauses, ticks=st.booleans(), fates=fates)
    def go_on(self, seconds, ticks, fates):
        self.world.now += timedelta(seconds=seconds)
        self.world.fates = fates
        if ticks:
            self.world.tick()
        for _ in range(3):
            self.world.hand_over()

    @rule(
        after=st.integers(0, 8), event=st.sampled_from(["crash", "worker", "report"]), one=callbacks
    )
    def something_within(self, after, event, one):
        """A process ends, another goes on, or a callback comes, in the middle of what is next."""
        actions = {
            "crash": self._crash,
            "worker": lambda: self.world.hand_over(again=True),
            "report": lambda: self._report(*one),
        }
        self.world.planned.append((after, actions[event]))

    @rule(number=st.integers(1, 3), forgets=st.booleans())
    def operate(self, number, forgets):
        """An operator replays a dead letter; the queue forgets what it had but for reports."""
        if forgets:
            self.world.queue = [one for one in self.world.queue if hasattr(one.item, "state")]
        if str(number) in self.world.parts:
            self.world.replay(str(number))

    @staticmethod
    def _crash():
        raise PowerCutError

    def _report(self, index, status, code, *, nameless=False):
        if self.world.copies:
            copy = self.world.copies[index % len(self.world.copies)]
            self.world.report(copy, status, code, nameless=nameless)

    def teardown(self):
        """Whatever happened, everything comes to its end, and nobody is left without a word."""
        try:
            self.world.settle()
            for number in self.world.parts:
                self._judge(number)
            assert not self.world.queue
        finally:
            self.world.close()
            self.folder.cleanup()

    def _judge(self, number):
        turn = self.world.stores.turns.find(f"SMin{number}")
        if turn is None:
            return  # lost with the queue before anybody knew of it
        assert turn.state in SETTLED | {TurnState.PARKED}, turn
        wanted = self.world.wanted(number)
        first = [c.text for c in self.world.copies if c.text in wanted]
        assert self.world.copies_of(f"{number}.voice")[1:] == []
        assert list(dict.fromkeys(first)) == sorted(set(first))
        letter = self.world.stores.dead_letters.find(turn.id)
        if turn.state is TurnState.DEAD:
            assert letter
            assert letter.reason in HOPELESS or self._apology_failed(), letter
        if not self.world.troubled(number):
            assert turn.state is TurnState.DELIVERED, turn
            assert not turn.apologised
            assert not letter
        if turn.state is not TurnState.DELIVERED:
            return
        missing = [text for text in wanted if not self._got(text)]
        if missing:
            assert turn.apologised, (missing, turn)
            assert letter
            assert self._got(texts.PART_LOST)

    def _apology_failed(self):
        apologies = self.world.copies_of(texts.PART_LOST)
        return "never" in self.world.suffered or any(copy.troubled for copy in apologies)

    def _got(self, text):
        return any(not copy.failed for copy in self.world.copies_of(text))


TestReports = Reports.TestCase
TestReports.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
