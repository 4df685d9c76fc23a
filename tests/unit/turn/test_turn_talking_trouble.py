"""What goes wrong around a part that left early: reports, refusals, doubts, and giving up."""

import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from lib.errors import (
    SendInDoubtError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    StoreError,
)
from lib.model import (
    Catalogue,
    ChunkState,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    QueueDelivery,
    TurnState,
)
from lib.queue.envelope import encode
from lib.stopping import StoppedError
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.stores import stores_on
from lib.turn.dead_letter import give_up
from lib.turn.deliver import deliver
from lib.turn.overdue import Requeuer
from lib.turn.replay import replay
from lib.turn.respond import respond
from tests.talking import Talking, said
from tests.watched import WatchedDocuments
from tests.workers import LEASE, MESSAGE, SETTLING

FIRST = said("alpha", "beta", "gamma", "delta")
OTHER = said("alpha", "other", "third")
GIVEN_UP = "I'm sorry, I could not answer your last message. Please send it again."
SORRY = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
PAYLOAD = encode(MESSAGE)[0].decode()


class Process(Talking):
    """A gateway whose provider answers the next sends with ``errors``.

    What is in doubt is ``taken_anyway``, or not. So often as ``unknown`` says it looks nothing up.
    """

    def __init__(self, folder, *sayings, **settings):
        super().__init__(folder, *sayings, **settings)
        self.errors, self.taken_anyway, self.unknown = [], True, 0
        self.queue = []

    def send(self, address, text, menu=None):
        error = self.errors.pop(0) if self.errors else None
        if error is None or (isinstance(error, SendInDoubtError) and self.taken_anyway):
            self.received.append((f"out{len(self.received)}", text, self.now))
        if error:
            raise error
        return self.received[-1][0]

    def find(self, address, text, since, menu=None):
        if self.unknown:
            self.unknown -= 1
            raise SendRetryableError("nobody there")
        return super().find(address, text, since, menu)

    def publish(self, message, *, fast=False):
        self.queue.append(message)

    def hand_over(self):
        return respond(QueueDelivery(MESSAGE, payload=PAYLOAD), self.responder)

    def report(self, sid, cause=FailureCause.TEMPORARY):
        report = DeliveryReport(
            sid=sid, state=DeliveryState.FAILED, error_code="63018", cause=cause
        )
        self.stores.deliveries.record(report)
        return report

    def handle(self, report):
        return respond(QueueDelivery(report, payload=""), self.responder)


@pytest.fixture
def process(tmp_path):
    worlds = []

    def begin(*sayings, **settings):
        worlds.append(Process(tmp_path, *sayings, **settings))
        return worlds[-1]

    yield begin
    for world in worlds:
        world.close()


class KilledError(BaseException):
    """The process ends here."""


def killed_after(world, parts):
    """End the process when the person has so many parts; the last one is noted as sent."""
    first, *others = world.sayings
    world.sayings = ([*first[: parts + 2], KilledError()], *(others or [first]))
    with pytest.raises(KilledError):
        world.hand_over()
    assert len(world.received) == parts


def test_a_report_of_a_part_waits_while_its_answer_is_written(process):
    world = process(FIRST)
    killed_after(world, 1)
    turn = world.turn
    assert not world.handle(world.report("out0"))
    assert world.turn == turn


def test_a_report_of_a_part_whose_worker_is_gone_is_acted_upon_behind_the_answer(process):
    world = process(FIRST)
    killed_after(world, 1)
    turn = world.turn
    world.now += LEASE
    assert world.handle(world.report("out0"))
    assert world.turn == turn
    assert not world.hand_over()
    world.now += timedelta(minutes=1)
    assert world.hand_over()
    assert world.texts == [*FIRST, FIRST[0]]
    assert world.turn.state is TurnState.DELIVERED


def test_behind_a_part_that_is_known_to_have_failed_nothing_leaves_before_it_is_there(process):
    world = process(FIRST, chunk_wait=0.0001)
    sending = world.send

    def failing(address, text, menu=None):
        sid = sending(address, text, menu)
        if sid == "out0":
            world.report(sid)
        return sid

    world.send = failing
    assert world.hand_over()
    assert world.texts == [FIRST[0]]
    assert world.turn.state is TurnState.ANSWERED
    assert not world.handle(world.stores.deliveries.find("out0"))
    world.now += timedelta(minutes=1)
    world.stores.deliveries.record(DeliveryReport("out1", DeliveryState.SENT))
    assert world.hand_over()
    assert world.texts == [FIRST[0], *FIRST]


@pytest.mark.parametrize(
    "error",
    [
        SendRetryableError("429"),
        SendPermanentError("not these words", "63005"),
        SendTooLongError("too long"),
    ],
)
def test_a_part_that_is_refused_is_left_to_the_delivery_of_the_whole(process, error):
    world = process(FIRST)
    world.errors = [error]
    world.hand_over()
    assert (world.texts, world.asked) == (FIRST, 1)


def test_a_part_that_is_refused_for_good_is_given_up_with_the_rest(process):
    world = process(FIRST)
    world.errors = [None, *[SendPermanentError("not these words", "63005")] * 2]
    assert world.hand_over()
    assert world.texts == [FIRST[0], SORRY]
    assert world.stores.dead_letters.find(MESSAGE.id).reason == "send_permanent 63005"


@pytest.mark.parametrize("taken", [True, False])
def test_a_part_in_doubt_is_looked_up_once_it_would_be_listed(process, taken):
    world = process(FIRST)
    world.errors, world.taken_anyway = [SendInDoubtError("cut")], taken
    with pytest.raises(SendInDoubtError):
        world.hand_over()
    assert world.turn.state is TurnState.ANSWERED
    assert not world.hand_over()
    world.now += SETTLING
    assert world.hand_over()
    assert (world.texts, world.asked) == (FIRST, 1)


def test_a_doubt_that_an_earlier_worker_left_is_settled_before_anybody_is_asked(process):
    world = process(FIRST, OTHER)
    world.errors = [KilledError()]
    with pytest.raises(KilledError):
        world.hand_over()
    world.now += LEASE
    world.unknown = 1
    with pytest.raises(SendRetryableError):
        world.hand_over()
    assert world.asked == 1
    assert not world.hand_over()
    world.now += SETTLING
    assert world.hand_over()
    assert (world.texts, world.asked) == (OTHER, 2)


def test_a_doubt_of_half_an_hour_is_given_up_visibly_behind_what_is_known(process):
    world = process(FIRST)
    world.errors = [KilledError()]
    with pytest.raises(KilledError):
        world.hand_over()
    world.now += timedelta(minutes=31)
    world.unknown = 9
    with pytest.raises(SendInDoubtError):
        world.hand_over()
    world.now += SETTLING
    assert world.hand_over()
    assert world.texts == [SORRY]
    assert world.turn.state is TurnState.DELIVERED
    assert world.stores.dead_letters.find(MESSAGE.id)


def dead(world):
    """Have the queue give the message up."""
    data = b64encode(PAYLOAD.encode()).decode()
    body = json.dumps({"message": {"data": data}, "deliveryAttempt": 1}).encode()
    give_up(body, "undeliverable", world.responder)


def replayed(world):
    """Have an operator try it again."""
    requeuer = Requeuer(world.stores, world, lambda: world.now)
    replay(world.stores.dead_letters.find(MESSAGE.id), requeuer)
    assert world.hand_over()


@pytest.mark.parametrize("second", [FIRST, OTHER])
def test_an_answer_that_was_given_up_behind_a_part_is_asked_for_again(process, second):
    world = process(FIRST, second)
    killed_after(world, 1)
    world.now += LEASE
    dead(world)
    assert world.texts == [FIRST[0], GIVEN_UP]
    assert world.turn.state is TurnState.DELIVERED
    replayed(world)
    assert world.texts == [FIRST[0], GIVEN_UP, *second[1:]]
    assert world.turn.state is TurnState.DELIVERED


@pytest.mark.parametrize("in_doubt", [True, False])
def test_an_answer_that_expired_behind_a_part_is_asked_for_again(process, in_doubt):
    world = process(FIRST)
    if in_doubt:
        world.errors = [KilledError()]
        with pytest.raises(KilledError):
            world.hand_over()
        world.received.append(("out0", FIRST[0], world.now))
    else:
        killed_after(world, 1)
    world.now += timedelta(hours=25)
    assert world.hand_over()
    assert world.turn.state is TurnState.DEAD
    assert world.texts == [FIRST[0]]
    replayed(world)
    assert world.texts == FIRST


def test_a_part_that_failed_for_good_after_the_giving_up_is_asked_for_with_the_rest(process):
    world = process(FIRST)
    killed_after(world, 1)
    world.now += LEASE
    dead(world)
    assert world.handle(world.report("out0", FailureCause.CONTENT))
    replayed(world)
    assert world.texts == [FIRST[0], GIVEN_UP, *FIRST]


def test_a_message_that_failed_too_often_behind_a_part_is_given_up(process):
    world = process(FIRST)
    killed_after(world, 1)
    for _ in range(20):
        world.now += LEASE
        world.stores.turns.commit(replace(world.turn, attempt=world.turn.attempt + 1))
    assert world.hand_over()
    assert world.texts == [FIRST[0], GIVEN_UP]


def test_a_part_is_known_to_be_of_its_turn_while_the_answer_is_written(process):
    world = process(FIRST)
    killed_after(world, 1)
    assert world.stores.deliveries.owners(["out0"]) == {"out0": MESSAGE.id}


@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
def test_a_store_that_fails_around_an_early_send_loses_and_repeats_nothing(process, failing):
    """Each commit of the turn: a part that is about to be sent, that it was, and all of them."""
    world = process(FIRST)
    commits = count(1)

    def before(operation, key):
        is_commit = key.collection == "whatsapp_turns" and operation == "write_if"
        if is_commit and next(commits) == failing:
            raise StoreError("not now")

    documents = SqliteStorage(world.database, Catalogue(), lambda: world.now).documents
    stores = stores_on(WatchedDocuments(documents, before), lambda: world.now)
    dispatch = replace(world.responder.dispatch, stores=stores)
    sending = partial(deliver, dispatch=dispatch)
    world.responder = replace(world.responder, stores=stores, dispatch=dispatch, deliver=sending)
    for _ in range(4):
        with suppress(StoreError, SendInDoubtError):
            world.hand_over()
        world.now += LEASE
    assert world.texts == FIRST
    assert world.turn.state is TurnState.DELIVERED


def test_a_stop_ends_the_answer_at_the_next_part(process):
    world = process(FIRST)
    sending = world.send

    def stopping(address, text, menu=None):
        world.responder.keeper.stop(MESSAGE.id)
        return sending(address, text, menu)

    world.send = stopping
    with pytest.raises(StoppedError):
        world.hand_over()
    assert world.texts == FIRST[:1]
    assert [chunk.state for chunk in world.turn.chunks] == [ChunkState.SENT]


def test_a_turn_that_another_worker_has_ends_the_answer(process):
    world = process(FIRST)
    sending = world.send

    def overtaken(address, text, menu=None):
        world.stores.turns.commit(replace(world.turn, attempt=2))
        return sending(address, text, menu)

    world.send = overtaken
    with pytest.raises(StoppedError):
        world.hand_over()
    assert world.texts == FIRST[:1]
    assert [chunk.state for chunk in world.turn.chunks] == [ChunkState.SENDING]
