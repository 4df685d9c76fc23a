"""Erasing a person who has a long story, on both databases, killed at every step."""

import logging
from datetime import timedelta

import pytest

from lib.turn.erasing import erase, erase_due
from tests.lives import Killed, Person, a_world


@pytest.fixture
def world(backend, tmp_path):
    with a_world(backend, tmp_path) as world:
        yield world


@pytest.mark.thorough
def test_an_erasure_that_is_killed_at_any_step_leaves_nothing(world, caplog):
    caplog.set_level(logging.DEBUG)
    ben = Person(9999, world)
    ben.live()
    people = []
    while not people or world.steps.last:
        person = Person(len(people) + 1, world)
        people.append(person)
        person.live()
        erasure = person.ask()
        world.now += timedelta(seconds=2)  # Twilio tells whole seconds
        for word in person.traces():
            assert word in world.everything() or len(people) > 1
        world.steps.kill_at(len(people))
        try:
            erase(erasure, world.eraser)
            world.steps.last = None
        except Killed:
            pass
        kill_at, world.steps.last = world.steps.last, None
        assert not erase(erasure, world.eraser), "everything is looked through a second time"
        world.steps.last = kill_at
    assert len(people) > 20
    world.steps.last = None
    world.now += timedelta(hours=7)
    for _ in range(len(people) // 20 + 1):
        assert erase_due(world.eraser)
    assert not world.stores.erasures.due(world.now + timedelta(days=1), 1)
    left = world.everything()
    ours = [one for one in caplog.records if one.name.startswith("lib")]
    logged = "\n".join(f"{one.getMessage()} {vars(one)}" for one in ours)
    for person in people:
        for word in person.traces():
            assert word not in left
            assert word not in logged
    for word in ben.traces():
        assert word in left
    assert len({event for event, _ in world.told}) == len(people)
