"""Reports under attack: every status, in every order and at every step, with crashes between.

What is driven is the code itself on a real store (``tests.carrying``). Whatever the order: what
is known to have arrived is never sent again, nothing is sent twice that did not fail, and nobody
is left without a word.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from lib.model import SETTLED, TurnState
from lib.reply import texts
from tests.carrying import PowerCutError, World

CODES = ("63018", "63010", "63016", "63021", "63024", "63051", "30008", "63060", "")
STATUSES = ("sent", "delivered", "read", "failed", "undelivered")
FATES = ("sent", "sent", "sent", "refused", "never", "lost", "cut")
statuses, codes = st.sampled_from(STATUSES), st.sampled_from(CODES)
which = st.integers(0, 9)


class Reports(RuleBasedStateMachine):
    """One person, some questions, and a provider that says anything at any time."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))

    @precondition(lambda self: len(self.world.parts) < 3)
    @rule(parts=st.integers(1, 3))
    def write(self, parts):
        self.world.write(parts)
        self.world.hand_over()

    @rule(fates=st.lists(st.sampled_from(FATES), max_size=3))
    def hand_over(self, fates):
        self.world.fates = fates
        self.world.hand_over()

    @precondition(lambda self: self.world.copies)
    @rule(index=which, status=statuses, code=codes, nameless=st.booleans())
    def report(self, index, status, code, nameless):
        self._report(index, status, code, nameless=nameless)
        self.world.hand_over()

    @precondition(lambda self: self.world.copies)
    @rule(index=which, reports=st.lists(st.tuples(statuses, codes), min_size=2, max_size=4))
    def contradict(self, index, reports):
        for status, code in reports:
            self._report(index, status, code)

    @rule(after=st.integers(0, 6), index=which, status=statuses, code=codes)
    def report_within(self, after, index, status, code):
        """A callback comes in the middle of whatever is done next."""
        self._plan(after, lambda: self._report(index, status, code))

    @rule(after=st.integers(0, 8))
    def crash_within(self, after):
        def crash():
            raise PowerCutError

        self._plan(after, crash)

    @rule(after=st.integers(0, 8))
    def another_worker_within(self, after):
        self._plan(after, lambda: self.world.hand_over(again=True))

    @rule(status=statuses, code=codes, nameless=st.booleans())
    def report_on_nothing_of_ours(self, status, code, nameless):
        self.world.callback("SMelsewhere", status, code, nameless=nameless)

    @rule(seconds=st.sampled_from([1, 6, 11, 61, 3600, 25 * 3600, 8 * 24 * 3600]))
    def wait(self, seconds):
        self._advance(seconds)

    @rule()
    def tick(self):
        self.world.tick()

    @precondition(lambda self: self.world.queue)
    @rule()
    def lose_a_message(self):
        """The queue forgets what it had; a report is brought again by the provider at best."""
        self.world.queue = [one for one in self.world.queue if hasattr(one.message, "state")]

    @rule(index=which)
    def replay(self, index):
        if self.world.parts:
            self.world.replay(str(index % len(self.world.parts) + 1))

    def _plan(self, after, action):
        self.world.store.planned.append((after, action))

    def _report(self, index, status, code, *, nameless=False):
        if self.world.copies:
            copy = self.world.copies[index % len(self.world.copies)]
            self.world.report(copy, status, code, nameless=nameless)

    def _advance(self, seconds):
        self.world.now += timedelta(seconds=seconds)

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
        turn = self.world.store.store.turn(f"SMin{number}")
        if turn is None:
            return  # lost with the queue before anybody knew of it
        assert turn.state in SETTLED | {TurnState.PARKED}, turn
        wanted = self.world.wanted(number)
        first = [c.text for c in self.world.copies if c.text in wanted]
        assert list(dict.fromkeys(first)) == sorted(set(first))
        letter = self.world.store.store.letter(turn.id)
        if turn.state is TurnState.DEAD:
            assert letter
        if turn.state is not TurnState.DELIVERED:
            return
        missing = [text for text in wanted if not self._got(text)]
        if missing:
            assert turn.apologised, (missing, turn)
            assert letter
            assert self._got(texts.PART_LOST)

    def _got(self, text):
        return any(not copy.failed for copy in self.world.copies_of(text))


TestReports = Reports.TestCase
TestReports.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
