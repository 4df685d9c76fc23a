"""The note that work goes on: once, before anything is said, and no part of the answer."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import AssistantError, SendInDoubtError, SendRetryableError
from lib.model import ChunkKind, ChunkState, DeliveryReport, DeliveryState, QueueDelivery
from lib.storage.stores.turn_documents import read_turn, turn_document
from lib.turn.lease import LeaseKeeper
from lib.turn.respond import respond
from tests.processes import wait_for
from tests.talking import Talking, said
from tests.workers import LEASE, MESSAGE

NOTE = "⏳ I'm still working on it…"
FAILED = "Something went wrong while the assistant was answering. Please try again."
ANSWER = said("alpha", "beta", "gamma", "delta")


class Slow(Talking):
    """An assistant that is silent until it is told to go on, and a note after no time at all."""

    def __init__(self, folder, *sayings, note_after=0.001, **settings):
        super().__init__(folder, *sayings, **settings)
        self.go_on, self.errors, self.sending = threading.Event(), [], threading.Event()
        keeper = LeaseKeeper(self.stores.turns, lambda: self.now, timedelta(seconds=0.06))
        self.responder = replace(self.responder, keeper=keeper, note_after=note_after)

    def ask(self, assistant, question, listener):
        assert self.go_on.wait(20)
        return super().ask(assistant, question, listener)

    def send(self, address, text, menu=None):
        self.sending.set()
        if self.errors:
            raise self.errors.pop(0)
        return super().send(address, text, menu)


@pytest.fixture
def slow(tmp_path):
    worlds = []

    def begin(*sayings, **settings):
        worlds.append(Slow(tmp_path, *sayings, **settings))
        return worlds[-1]

    yield begin
    for world in worlds:
        world.close()


def answered(world, until):
    """Ask, let the assistant go on once something is true, and return the turn afterwards."""
    with ThreadPoolExecutor(1) as pool:
        delivery = QueueDelivery(MESSAGE, payload="payload")
        done = pool.submit(respond, delivery, world.responder)
        try:
            wait_for(until, 10)
        finally:
            world.go_on.set()
        assert done.result(20)
    return world.turn


@pytest.mark.parametrize("early", ["parts", "paragraph", "off"])
def test_who_waits_long_is_told_once_that_work_goes_on(slow, early):
    world = slow(ANSWER, early=early)
    turn = answered(world, lambda: world.turn and texts(world) == [(NOTE, "sent")])
    assert world.texts == [NOTE, *ANSWER]
    assert [chunk.text for chunk in turn.chunks] == ANSWER
    (pair,) = world.stores.conversations.read(MESSAGE.address, "").session.recent
    assert NOTE not in pair.answer


def texts(world):
    return [(chunk.text, chunk.state.value) for chunk in world.turn.chunks]


def test_the_note_is_stored_before_it_is_sent(slow):
    world = slow(ANSWER)
    seen = []
    sending = world.send

    def watched(address, text, menu=None):
        seen.append((text, [(c.kind, c.state) for c in world.turn.chunks]))
        return sending(address, text, menu)

    world.send = watched
    answered(world, lambda: world.received)
    assert seen[0] == (NOTE, [(ChunkKind.NOTE, ChunkState.SENDING)])


@pytest.mark.parametrize("error", [SendRetryableError("429"), SendInDoubtError("cut")])
def test_a_note_that_fails_is_not_tried_again_and_holds_up_nothing(slow, error):
    world = slow(ANSWER)
    world.errors = [error]
    turn = answered(world, world.sending.is_set)
    assert world.texts == ANSWER
    assert [chunk.text for chunk in turn.chunks] == ANSWER


def test_without_seconds_there_is_no_note(slow):
    world = slow(ANSWER, note_after=0)
    lease = threading.Timer(0.3, world.go_on.set)
    lease.start()
    answered(world, world.go_on.is_set)
    assert world.texts == ANSWER


def test_there_is_no_note_behind_a_part(slow):
    world = slow(ANSWER)

    def ask(assistant, question, listener):
        answer = super(Slow, world).ask(assistant, question, listener)
        assert world.received
        assert world.go_on.wait(20)
        return answer

    world.ask = ask
    world.responder = replace(world.responder, note_after=0.15)
    started = datetime.now(UTC)
    answered(world, lambda: datetime.now(UTC) - started > timedelta(seconds=0.5))
    assert world.texts == ANSWER


def test_a_worker_that_takes_over_says_no_second_note(slow):
    world = slow(ANSWER)
    turn = answered_until_note(world)
    world.now += LEASE
    world.go_on.set()
    assert respond(QueueDelivery(MESSAGE, payload="payload"), world.responder)
    assert world.texts == [NOTE, *ANSWER]
    assert turn.chunks[0].kind is ChunkKind.NOTE


def answered_until_note(world):
    """Leave a turn of which a note was sent, as by a worker that ended then."""

    class EndError(BaseException):
        pass

    def ask(assistant, question, listener):
        wait_for(lambda: world.turn.chunks and world.turn.chunks[0].sid, 10)
        raise EndError

    asking, world.ask = world.ask, ask
    with pytest.raises(EndError):
        respond(QueueDelivery(MESSAGE, payload="payload"), world.responder)
    world.ask = asking
    return world.turn


def test_an_excuse_behind_a_note_is_no_answer_that_broke_off(slow):
    world = slow([AssistantError("down")])
    answered(world, lambda: world.received)
    assert world.texts == [NOTE, FAILED]


def test_a_report_of_a_note_says_nothing(slow):
    world = slow(ANSWER)
    turn = answered(world, lambda: world.received)
    report = DeliveryReport("out0", DeliveryState.FAILED, "63018")
    assert world.stores.deliveries.owners(["out0"]) == {"out0": MESSAGE.id}
    assert respond(QueueDelivery(report, payload=""), world.responder)
    assert world.turn == turn


def test_a_note_is_told_apart_in_the_log_and_the_first_chunk_behind_it_is_the_first(slow, caplog):
    caplog.set_level(logging.INFO, "lib")
    world = slow(ANSWER)
    answered(world, lambda: world.received)
    sent = [vars(record) for record in caplog.records if record.msg in {"note sent", "chunk sent"}]
    assert [(one["msg"], one["chunk"], one.get("early")) for one in sent] == [
        ("note sent", 0, None),
        ("chunk sent", 1, True),
        ("chunk sent", 2, True),
        ("chunk sent", 3, False),
        ("chunk sent", 4, False),
    ]
    assert [one["chunk"] for one in sent if "first_ms" in one] == [1]


def test_a_note_and_a_part_are_stored_as_what_they_are(slow):
    world = slow(ANSWER)
    turn = answered_until_note(world)
    document = turn_document(turn)
    assert document["chunks"][0]["kind"] == "note"
    assert document["chunks"][0]["state"] == "sent"
    assert read_turn(turn.id, document, turn.revision) == turn
