"""What was heard is stored before anybody is asked about it: whatever ends, it is paid for once."""

from collections import Counter
from dataclasses import replace
from functools import partial

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from lib.errors import GatewayError, StoreError
from lib.media.documents.read import DocumentLimits
from lib.media.fetched import Fetched
from lib.media.listening import Listening
from lib.media.reader import MediaReader
from lib.model import Catalogue, Media, MessageKind, QueueDelivery, Transcript, TurnState
from lib.queue.envelope import encode
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.stores import stores_on
from lib.turn.deliver import deliver
from lib.turn.respond import respond
from tests import recordings
from tests.carrying import PowerCutError
from tests.talking import Talking, messages, said
from tests.watched import WatchedDocuments
from tests.workers import LEASE, MESSAGE, SETTLING

ONE, TWO = "https://api.example/one", "https://api.example/two"
HEAD = "> Words of one.\n> Words of two."
SHORT = ["It is near."]
LONG = said("alpha", "beta", "gamma", "delta")


class Spoken(Talking):
    """A gateway that gets a message of two recordings, and does not do every step it comes to.

    ``ends`` are the steps before which something happens, counted from one over all attempts, and
    ``what`` that is. ``heard`` are the recordings that somebody was paid for.
    """

    def __init__(self, folder, answer, *, urls=(ONE, TWO), ends=(), what=PowerCutError):
        super().__init__(folder, answer)
        self.ends, self.what = set(ends), what
        self.steps, self.heard, self.operations = 0, Counter(), []
        self.stored_before = set()
        media = tuple(Media(url, "audio/ogg") for url in urls)
        self.message = replace(MESSAGE, text="", kind=MessageKind.MEDIA if urls else MESSAGE.kind)
        self.message = replace(self.message, media=media, text="" if urls else "Hello")
        storage = SqliteStorage(self.database, Catalogue(), lambda: self.now)
        stores = stores_on(WatchedDocuments(storage.documents, self.step), lambda: self.now)
        dispatch = replace(self.responder.dispatch, stores=stores)
        reader = MediaReader(self, DocumentLimits(), Listening(self, 300))
        self.responder = replace(
            self.responder,
            stores=stores,
            dispatch=dispatch,
            deliver=partial(deliver, dispatch=dispatch),
            read=reader.read,
        )

    def step(self, operation, _key=None):
        self.steps += 1
        self.operations.append(operation)
        if self.steps in self.ends:
            raise self.what("here")

    def fetch(self, url, stop=None, seconds=20.0):
        self.fetching = url
        return Fetched(recordings.opus(3))

    def transcribe(self, audio, content_type, language, seconds, stop):
        self.step("transcribe")
        assert self.fetching not in self.stored, "paid for again"
        self.heard[self.fetching] += 1
        return Transcript(f"Words of {self.fetching[-3:]}.", "en", 3.0)

    def ask(self, assistant, question, listener):
        self.step("ask")
        assert self.stored == {one.url for one in self.message.media}, "asked before it was stored"
        return super().ask(assistant, question, listener)

    def send(self, address, text, menu=None):
        self.step("send")
        return super().send(address, text, menu)

    @property
    def stored(self):
        turn = self.turn
        return {one.url for one in turn.heard} if turn else set()

    def hand_over(self):
        payload = encode(self.message)[0].decode()
        return respond(QueueDelivery(self.message, payload=payload), self.responder)

    def finish(self):
        """Hand the message over until it is done; return how often that took."""
        for attempt in range(1, 12):
            try:
                if self.hand_over() and self.turn.state is TurnState.DELIVERED:
                    return attempt
            except (self.what, GatewayError):
                pass
            self.now += LEASE + SETTLING
        raise AssertionError("it never ends")


@pytest.fixture
def spoken(tmp_path):
    worlds = []

    def begin(*given, **options):
        folder = tmp_path / str(len(worlds))
        folder.mkdir()
        worlds.append(Spoken(folder, *given, **options))
        return worlds[-1]

    yield begin
    for world in worlds:
        world.close()


def steps_of(spoken, answer):
    world = spoken(answer)
    assert world.finish() == 1
    return world.steps


def whole(answer):
    return messages(answer, HEAD)


@pytest.mark.slow
@pytest.mark.parametrize("what", [PowerCutError, StoreError])
@pytest.mark.parametrize("answer", [SHORT, LONG], ids=["short", "streamed"])
def test_whatever_ends_it_at_any_step_it_is_heard_once_and_answered_once(spoken, answer, what):
    for end in range(1, 1 + steps_of(spoken, answer)):
        world = spoken(answer, ends=(end,), what=what)
        world.finish()
        assert world.texts == whole(answer), end
        assert sum(world.heard.values()) <= 3, end  # the one whose transcript was lost with it


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ends=st.sets(st.integers(1, 60), max_size=5), what=st.sampled_from([PowerCutError, StoreError])
)
def test_it_may_end_several_times(spoken, ends, what):
    world = spoken(LONG, ends=ends, what=what)
    world.finish()
    assert world.texts == whole(LONG)
    assert max(world.heard.values()) <= 1 + len(ends)


def test_what_was_heard_is_kept_in_the_turn(spoken):
    world = spoken(SHORT)
    world.finish()
    assert [(one.url, one.transcript.text) for one in world.turn.heard] == [
        (ONE, "Words of one."),
        (TWO, "Words of two."),
    ]
    assert world.texts == [f"{HEAD}\n\nIt is near."]


def test_what_was_stored_is_neither_heard_nor_fetched_again(spoken):
    world = spoken(SHORT, ends=(steps_of(spoken, SHORT) - 3,))
    world.finish()
    assert world.operations.count("ask") == 2
    assert world.heard == {ONE: 1, TWO: 1}


def test_a_recording_costs_one_commit_and_no_other_step(spoken):
    plain, voice = spoken(SHORT, urls=()), spoken(SHORT)
    plain.finish()
    voice.finish()
    assert plain.turn.heard == ()
    without = [one for one in voice.operations if one != "transcribe"]
    assert Counter(without) - Counter(plain.operations) == {"write_if": 2}


def test_a_worker_that_lost_the_turn_stores_nothing_and_asks_nobody(spoken):
    world = spoken(SHORT)

    def taken(*_):
        turn = world.stores.turns.find(MESSAGE.id)
        world.stores.turns.commit(replace(turn, attempt=turn.attempt + 1))
        return Transcript("Words.", "en", 3.0)

    world.transcribe = taken
    with pytest.raises(StoreError):
        world.hand_over()
    assert world.operations.count("ask") == 0
    assert world.stored == set()
