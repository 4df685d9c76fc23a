"""/cancel at every step of what it stops, each cut off anywhere: one of answered and stopped.

What is driven is the code itself, by workers that stop before every step (``tests.workers``).
"""

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count, product

import pytest

from lib.model import ChunkState, TurnState
from lib.turn.cancelling import Canceller, cancel
from lib.turn.lease import LeaseKeeper
from tests.workers import LEASE, MESSAGE, Worker, World

pytestmark = pytest.mark.slow

SAY = [f"{word} {'word ' * 290}".strip() for word in ("first", "second", "third")]
STOPPED = "Stopped. What the assistant had already done stays done."
NOTHING = "Nothing was running."
CANCEL = replace(
    MESSAGE, id="SMc", text="/cancel", received_at=MESSAGE.received_at + timedelta(seconds=1)
)
HOW = ("sent", "refused", "lost", "cut")


class Stage(World):
    """Notes what begins to be sent after its turn was stopped, and by whom."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.late = []

    def send(self, address, text, menu=None):
        if text in SAY and self.turn.stopped_by:
            self.late.append(threading.current_thread())
        return super().send(address, text, menu)


@pytest.fixture
def world(tmp_path):
    number = count()
    made = []

    def make():
        made.append(Stage(tmp_path / str(next(number)), SAY))
        return made[-1]

    yield make
    for one in made:
        one.close()


def steps(worker, most, how="sent"):
    """Let a worker take so many steps, as far as it has any; how many it took."""
    for number in range(most):
        if not worker.at:
            return number
        worker.step(how)
    return most


def to_the_end(world, **first):
    """Bring both messages again until neither is wanted any more, as the queue does."""
    unsettled = {MESSAGE.id: MESSAGE, CANCEL.id: CANCEL}
    for _ in range(12):
        for message in list(unsettled.values()):
            worker = first.pop(message.id, None) or Worker(world.responder, message)
            steps(worker, 100)
            if worker.settled:
                del unsettled[message.id]
        if not unsettled:
            return
        world.now += LEASE
    raise AssertionError(f"{set(unsettled)} never settled")


def judge(world, first):
    """What must hold, whatever happened."""
    turn, words = world.turn, world.texts
    assert turn.state is TurnState.DELIVERED
    said = [text for text in words if text in {STOPPED, NOTHING}]
    assert said == [STOPPED if turn.stopped_by else NOTHING]
    answered = [text for text in words if text not in said]
    assert answered == SAY[: len(answered)]
    # What arrived is known by its id, and nothing else is thought to have arrived.
    received = {sid: text for sid, text, _ in world.received if text in SAY}
    assert {c.sid: c.text for c in turn.chunks if c.state is ChunkState.SENT} == received
    if turn.stopped_by:
        assert turn.stopped_by == "SMc"
        assert len(world.late) <= 1
        assert {*world.late} <= {first}
    else:
        assert len(answered) in {0, len(SAY)}
        assert not world.late


def in_another_process(world):
    """Let cancels be worked on where nobody can be told at once that there is nothing to do."""
    keeper = LeaseKeeper(world.stores.turns, lambda: world.now, LEASE)
    canceller = Canceller(world.responder.stores, keeper, lambda: world.now)
    world.responder = replace(world.responder, cancel=partial(cancel, canceller=canceller))


def lengths(make):
    """How many steps the message and the /cancel take, alone."""
    return [steps(Worker(make().responder, one), 100) for one in (MESSAGE, CANCEL)]


@pytest.mark.thorough
@pytest.mark.parametrize("same_process", [True, False])
def test_a_cancel_at_every_step_however_far_it_gets_before_the_other_goes_on(world, same_process):
    long, short = lengths(world)
    seen = set()
    for done, cancelled in product(range(long + 1), range(short + 1)):
        one = world()
        if not same_process:
            in_another_process(one)
        answering = Worker(one.responder)
        steps(answering, done)
        cancelling = Worker(one.responder, CANCEL, fast=True)
        steps(cancelling, cancelled)
        steps(answering, 100)
        to_the_end(one, SMc=cancelling, **({"SM1": answering} if answering.settled else {}))
        judge(one, answering)
        sent = sum(text in SAY for text in one.texts)
        seen.add((bool(one.turn.stopped_by), sent))
    # Stopped before the answer, between its parts, and in its last; never begun; or whole.
    assert seen == {(True, 0), (True, 1), (True, 2), (True, 3), (False, 0), (False, 3)}


@pytest.mark.thorough
@pytest.mark.parametrize("dies", ["answering", "cancelling"])
def test_a_worker_that_dies_at_any_step_of_either(world, dies):
    long, short = lengths(world)
    for done, cancelled in product(range(long), range(short)):
        one = world()
        answering = Worker(one.responder)
        steps(answering, done)
        cancelling = Worker(one.responder, CANCEL, fast=True)
        steps(cancelling, cancelled)
        if dies == "answering":
            answering.crash()
            steps(cancelling, 100)
            to_the_end(one, SMc=cancelling)
        else:
            cancelling.crash()
            steps(answering, 100)
            to_the_end(one, **({"SM1": answering} if answering.settled else {}))
        judge(one, answering)


def test_of_two_cancels_one_has_stopped_it(world):
    _, short = lengths(world)
    for done in range(short + 1):
        one = world()
        answering = Worker(one.responder)
        while answering.at != "ask":
            answering.step()
        first = Worker(one.responder, CANCEL, fast=True)
        steps(first, done)
        second = Worker(one.responder, replace(CANCEL, id="SMd"), fast=True)
        steps(second, 100)
        steps(first, 100)
        steps(answering, 100)
        assert first.settled
        assert second.settled
        assert answering.settled
        assert sorted(one.texts) == [NOTHING, STOPPED]


@pytest.mark.parametrize("how", HOW)
def test_whatever_becomes_of_the_chunk_that_is_just_leaving(world, how):
    for wanted in range(len(SAY)):
        one = world()
        answering = Worker(one.responder)
        while not (answering.at == "send" and len(one.texts) == wanted):
            answering.step()
        cancelling = Worker(one.responder, CANCEL, fast=True)
        steps(cancelling, 100)
        assert cancelling.settled
        assert one.texts[wanted:] == [STOPPED]
        steps(answering, 100, how)
        # What is in doubt is looked up when it comes again; all else is over.
        assert answering.settled is (how in {"sent", "refused"})
        to_the_end(one)
        judge(one, answering)
        states = [chunk.state for chunk in one.turn.chunks]
        left = ChunkState.SENT if how in {"sent", "lost"} else ChunkState.GIVEN_UP
        assert states == [ChunkState.SENT] * wanted + [left] + [ChunkState.GIVEN_UP] * (2 - wanted)


SECOND = timedelta(seconds=1)


def asked(world):
    """A world in which an assistant is being asked, and who asks it."""
    one = world()
    answering = Worker(one.responder)
    while answering.at != "ask":
        answering.step()
    return one, answering


def test_a_cancel_whose_worker_died_is_carried_out_a_second_later_unless_it_may_have_been_said(
    world,
):
    _, short = lengths(world)
    taken_over = []
    for cancelled in range(1, short):
        one, answering = asked(world)
        dying = Worker(one.responder, CANCEL, fast=True)
        steps(dying, cancelled)
        dying.crash()
        left = one.stores.turns.find(CANCEL.id)
        one.now += SECOND
        second = Worker(one.responder, CANCEL, fast=True)
        steps(second, 100)
        may_be_said = left is not None and left.state is TurnState.ANSWERED
        assert second.settled is not may_be_said
        assert one.texts.count(STOPPED) == (0 if may_be_said and dying.before != "send" else 1)
        taken_over.append(left is not None and not may_be_said)
        steps(answering, 100)
        to_the_end(one, SM1=answering)
        judge(one, answering)
    assert taken_over.count(True) > 3


def test_two_workers_on_one_cancel_at_every_step_a_second_apart_say_one_thing(world):
    _, short = lengths(world)
    for done, overtaken in product(range(1, short + 1), range(short + 3)):
        one, answering = asked(world)
        first = Worker(one.responder, CANCEL, fast=True)
        steps(first, done)
        one.now += SECOND
        second = Worker(one.responder, CANCEL, fast=True)
        steps(second, overtaken)
        steps(first, 100)
        steps(second, 100)
        steps(answering, 100)
        to_the_end(one, SM1=answering)
        judge(one, answering)
        assert one.texts == [STOPPED]
