"""Taking a turn in hand: as a new one, over from a worker that is gone, or not at all."""

from datetime import timedelta

import pytest

from lib.errors import TurnTakenError
from lib.model import TurnState
from lib.turn import moves
from lib.turn.take import Busy, Done, Held, begin, take
from tests.workers import LEASE, MESSAGE, World


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path, ["Hi"])
    yield world
    world.close()


def arrive(world):
    """The message is handed over."""
    return begin(MESSAGE, "payload", world.responder)


def answered(world):
    turn = arrive(world).turn
    return world.stores.turns.commit(moves.answer(turn, ["Hi"], world.now, world.now + LEASE))


def test_a_message_that_comes_first_begins_a_turn(world):
    taken = arrive(world)
    assert isinstance(taken, Held)
    assert (taken.turn.state, taken.turn.attempt) == (TurnState.THINKING, 1)
    assert (taken.turn.contact, taken.turn.address) == (MESSAGE.address, MESSAGE.address)
    assert taken.turn.payload == "payload"


def test_the_same_message_finds_the_turn_busy_while_a_lease_runs(world):
    arrive(world)
    assert isinstance(arrive(world), Busy)


def test_a_turn_is_taken_over_once_its_lease_ran_out(world):
    first = arrive(world).turn
    world.now += LEASE
    taken = arrive(world)
    assert isinstance(taken, Held)
    assert (taken.turn.attempt, taken.turn.lease_until) == (2, world.now + LEASE)
    with pytest.raises(TurnTakenError):
        world.stores.turns.commit(moves.answer(first, ["Hi"], world.now, world.now + LEASE))


def test_of_two_workers_that_find_a_turn_free_one_holds_it(world):
    arrive(world)
    world.now += LEASE
    found = world.turn
    assert isinstance(take(found, world.responder), Held)
    with pytest.raises(TurnTakenError):
        take(found, world.responder)


@pytest.mark.parametrize("move", [moves.mark_dead, moves.park])
def test_for_a_turn_that_is_settled_or_parked_nothing_is_left_to_do(world, move):
    turn = world.stores.turns.commit(move(answered(world)))
    world.now += timedelta(days=2)
    assert take(turn, world.responder) == Done(turn)
    assert isinstance(arrive(world), Done)


def test_a_parked_turn_is_taken_when_its_person_writes_and_counts_its_age_from_then(world):
    turn = world.stores.turns.commit(moves.park(answered(world)))
    world.now += timedelta(days=2)
    taken = take(turn, world.responder, wake=True)
    assert isinstance(taken, Held)
    assert taken.turn.state is TurnState.ANSWERED
    assert not moves.is_expired(taken.turn, world.now)
    assert isinstance(take(world.turn, world.responder, wake=True), Busy)
