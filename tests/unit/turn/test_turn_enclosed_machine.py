"""Media under attack: two workers, crashes, lost answers and refusals in every order.

As in ``test_turn_machine``. Whatever the order: each medium arrives once or its text does, never
both; a voice arrives once or not at all; and all of it in order.
"""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, rule

from lib.model import SETTLED, Chunk, ChunkKind, ChunkState, OutboundKind, OutboundMedia, TurnState
from tests.two_workers import WORKERS, TwoWorkersMachine
from tests.workers import LEASE, World

pytestmark = pytest.mark.thorough

WHAT = ("work",) * 5 + ("crash", "soon", "late")
HOW = ("sent", "sent", "sent", "never", "refused", "lost", "cut")
UNTIL = ("any", "any", "find", "make", "send", "write_if", "end")
CAT = Chunk("cat's link", media=OutboundMedia(OutboundKind.PICTURE, "https://a.example", "cat"))
VOICE = Chunk("", kind=ChunkKind.VOICE, media=OutboundMedia(OutboundKind.VOICE, words="Hello"))
# Two of them are alike, and a text reads as the text in place of one.
CHUNKS = (Chunk("cat's link"), CAT, CAT, VOICE, CAT)
ONE_OF = (
    {"cat's link"},
    {"<picture cat>", "cat's link"},
    {"<picture cat>", "cat's link"},
    {"<voice >", ""},
    {"<picture cat>", "cat's link"},
)


def places(received):
    """How many of the chunks have arrived, in order; None if something is twice or misplaced."""
    place = 0
    for one in received:
        while place < len(ONE_OF) and one not in ONE_OF[place] and "" in ONE_OF[place]:
            place += 1
        if place == len(ONE_OF) or one not in ONE_OF[place]:
            return None
        place += 1
    return place


class TwoWorkersWithMedia(TwoWorkersMachine):
    """Any order of steps, crashes, redeliveries, refusals and pauses."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), [])
        self.world.answer(*CHUNKS)

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
        assert places(self.world.texts) is not None, self.world.texts

    @invariant()
    def what_is_delivered_was_received(self):
        turn = self.world.turn
        if turn.state is TurnState.DELIVERED:
            assert places(self.world.texts) == len(CHUNKS)
            assert not turn.apologised
            sent = [chunk.sid for chunk in turn.chunks if chunk.state is ChunkState.SENT]
            assert sent == [sid for sid, _, _ in self.world.received]

    @invariant()
    def one_chunk_is_open_at_most(self):
        states = [chunk.state for chunk in self.world.turn.chunks]
        assert states.count(ChunkState.SENDING) <= 1

    def teardown(self):
        """Whatever happened, one more worker brings it to its end."""
        try:
            for name in WORKERS:
                self.crash(name)
            for _ in range(len(CHUNKS) + 3):
                self.world.now += LEASE
                self.work("one", "sent", "end")
            assert self.world.turn.state in SETTLED
            assert places(self.world.texts) == len(CHUNKS), self.world.texts
            assert self.world.stores.dead_letters.find("SM1") is None
        finally:
            self.world.close()
            self.folder.cleanup()


TestTwoWorkersWithMedia = TwoWorkersWithMedia.TestCase
TestTwoWorkersWithMedia.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
