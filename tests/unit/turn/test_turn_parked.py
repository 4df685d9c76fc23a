"""An answer that waits for its person, and processes that end at every step of what comes then."""

import pytest

from lib.model import TurnState
from tests.carrying import PowerCutError, World

STEPS = 16
"""More than there are from the next message to its answer."""


@pytest.fixture
def world(tmp_path):
    """Answer 1 waits, since WhatsApp refused it for its window; question 2 is queued."""
    world = World(tmp_path)
    world.write(1)
    world.hand_over()
    world.report(world.copies[0], "failed", "63016")
    world.hand_over()
    assert world.stores.turns.find("SMin1").state is TurnState.PARKED
    world.write(2)
    yield world
    world.close()


def crash():
    raise PowerCutError


@pytest.mark.parametrize("step", range(STEPS))
def test_a_crash_loses_and_repeats_nothing_and_the_old_answer_comes_first(world, step):
    world.planned.append((step, crash))
    world.hand_over()
    world.settle()
    assert [copy.text for copy in world.copies] == ["1.0", "1.0", "2.0", "2.1"]
    assert world.stores.conversations.read("+15550001111", "").session.parked == ()


@pytest.mark.parametrize("fates", [["refused"], ["lost"], ["cut"], ["sent", "lost"], ["lost"] * 2])
def test_sends_that_fail_lose_and_repeat_nothing(world, fates):
    world.fates = list(fates)
    world.hand_over()
    world.settle()
    assert [copy.text for copy in world.copies] == ["1.0", "1.0", "2.0", "2.1"]


def test_the_last_step_is_behind_the_end(world):
    reached = []
    world.planned.append((STEPS, lambda: reached.append(True)))
    assert world.hand_over()
    assert not reached
