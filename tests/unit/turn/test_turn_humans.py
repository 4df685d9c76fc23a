"""A person whom a human has, whatever is killed: no assistant is asked, and no word is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.conversation.support import Support
from lib.handover.webhook import HandoverError
from lib.model import HandoverKind, InboundMessage
from tests.workers import LEASE, START, Worker, World, stop

CALLED = (
    "🙋 I have asked a human to take over. Until then I am silent, and what you write is passed "
    "on. Send /bot to talk to me again."
)
PASSED_ON = "📨 Passed on. Whatever else you write is passed on, too."
BACK = "🤖 I answer you again. Send /human to ask for a human."
SAID = ["/human", "Hello", "Is anybody there?", "/bot", "And now?"]
ANSWERED = [CALLED, PASSED_ON, BACK, "An answer"]
TOLD = [("SM1", "requested"), ("SM2", "message"), ("SM3", "message"), ("SM4", "ended")]


class Humans(World):
    """A world in which somebody takes over, unless they fail ``failing`` times at first."""

    def __init__(self, folder, failing=0):
        super().__init__(folder, ["An answer"])
        self.told, self.failing = [], failing
        self.responder = replace(self.responder, support=Support(self.tell))

    def tell(self, event):
        stop("tell")
        if self.failing:
            self.failing -= 1
            raise HandoverError("not now")
        self.told.append(event)

    @property
    def events(self):
        """What they were told, each id once, in order."""
        return list(dict.fromkeys((event.id, event.kind.value) for event in self.told))


@pytest.fixture
def humans(tmp_path):
    made = []

    def make(**how):
        (folder := tmp_path / str(len(made))).mkdir()
        made.append(Humans(folder, **how))
        return made[-1]

    yield make
    for world in made:
        world.close()


def message(number, text):
    at = START + timedelta(seconds=number)
    return InboundMessage(f"SM{number}", "+15550001111", at, text=text)


def settle(world, what):
    """Deliver a message until it is settled, as a queue does."""
    for _ in range(30):
        worker = Worker(world.responder, what)
        while worker.at:
            worker.step()
        if worker.settled:
            return
        world.now += LEASE
    raise AssertionError("it is never settled")


def killed(world, what, steps):
    """Let a worker end after so many steps; whether it got that far."""
    worker = Worker(world.responder, what)
    for _ in range(steps):
        if not worker.at:
            return False
        worker.step()
    if not worker.at:
        return False
    worker.crash()
    world.now += LEASE
    return True


@pytest.mark.parametrize("victim", range(4))
def test_whatever_step_a_worker_ends_at_the_human_has_the_person_until_they_go_back(humans, victim):
    for steps in range(40):
        world, was_killed = humans(), False
        for number, text in enumerate(SAID, 1):
            what = message(number, text)
            if number == victim + 1:
                was_killed = killed(world, what, steps)
            settle(world, what)
            assert world.asked == (text == "And now?")
        assert world.texts == ANSWERED
        assert world.events == TOLD
        if not was_killed:
            return
    raise AssertionError("it never ended")


@pytest.mark.parametrize("failing", [1, 5])
def test_what_could_not_be_told_is_told_when_the_message_comes_again(humans, failing):
    world = humans()
    settle(world, message(1, "/human"))
    world.failing = failing
    settle(world, message(2, "Hello"))
    assert [event.kind for event in world.told] == [HandoverKind.REQUESTED, HandoverKind.MESSAGE]
    assert (world.texts, world.asked) == ([CALLED, PASSED_ON], 0)


def test_a_person_is_not_kept_from_the_assistant_by_humans_who_cannot_be_told(humans):
    world = humans()
    settle(world, message(1, "/human"))
    world.failing = 100
    settle(world, message(2, "/bot"))
    settle(world, message(3, "Hello"))
    assert (world.texts, world.asked) == ([CALLED, BACK, "An answer"], 1)
