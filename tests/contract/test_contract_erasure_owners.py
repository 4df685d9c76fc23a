"""A number that three people had in turn, each of whom is forgotten, on both databases."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from lib.conversation.sessions import open_session
from lib.storage.stores.sessions import session_write
from lib.turn.erasing import erase, erase_due
from tests.lives import Killed, Person, a_world
from tests.sampled import sampled

NUMBER = "+15559990000"
DAYS_BETWEEN = timedelta(days=60)


@pytest.fixture
def world(backend, tmp_path):
    with a_world(backend, tmp_path) as world:
        yield world


def three_in_turn(world, number=NUMBER, first=1):
    """Three people who have the number one after another; the last one has it now."""
    people = [Person(first + which, world, number) for which in range(3)]
    for person in people:
        world.now += DAYS_BETWEEN
        person.live()
    world.now += timedelta(days=1)
    return people


def address_of(person, people):
    """Where a person writes from now, if they have shown no other number."""
    return person.phone if person is people[-1] else person.user_id


def moves_on(person, world, number):
    """Let a person write from another number."""
    known = world.stores.conversations.read(number, person.user_id)
    message = replace(person.message(9), address=number, received_at=world.now)
    moved = open_session(known, message, "default-assistant", world.now)
    world.documents.replace([session_write(moved)])


def of(people, world):
    """Everything of some people, piece by piece."""
    marks = [mark for one in people for mark in (one.word, one.user_id, one.sid)]
    return sorted(piece for piece in world.pieces() if any(mark in piece for mark in marks))


def of_the_number(world):
    return [piece for piece in world.pieces() if NUMBER.lstrip("+") in piece]


def forget(person, address, world):
    """Let a person be forgotten, to the end."""
    erasure = person.wish(address)
    assert not erase(erasure, world.eraser), "everything is looked through a second time"
    world.now += timedelta(hours=1)
    assert erase_due(world.eraser)


def assert_gone(person, world):
    said = [piece for piece in world.pieces() if person.word in piece or person.user_id in piece]
    assert said == []


@pytest.mark.parametrize(
    "order",
    sampled({str(one): (one,) for one in permutations(range(3))}, "(1, 2, 0)", "(2, 0, 1)"),
)
def test_each_is_forgotten_and_the_others_keep_everything(world, order):
    people = three_in_turn(world)
    left = list(people)
    for which in order:
        person = people[which]
        left.remove(person)
        kept = of(left, world)
        forget(person, address_of(person, people), world)
        assert_gone(person, world)
        assert of(left, world) == kept
        for other in left:
            address = address_of(other, people)
            known = world.stores.conversations.read(address, other.user_id)
            assert (known.session.user_id, known.forgotten) == (other.user_id, None)
    assert of_the_number(world) == []


@pytest.mark.parametrize("which", [0, 1])
def test_who_has_another_number_is_forgotten_under_the_former_one_too(world, which):
    people = three_in_turn(world)
    person, elsewhere = people[which], "+15557770000"
    moves_on(person, world, elsewhere)
    others = [one for one in people if one is not person]
    kept = of(others, world)
    forget(person, elsewhere, world)
    assert_gone(person, world)
    assert [piece for piece in world.pieces() if elsewhere.lstrip("+") in piece] == []
    assert of(others, world) == kept


def test_what_an_earlier_version_archived_is_told_apart_by_who_is_there_now(world, backend):
    """Sessions of former owners say neither which number they had, nor until when."""
    people = three_in_turn(world)
    for person in people[:2]:
        known = world.stores.conversations.read(person.user_id, person.user_id).session
        world.documents.replace([session_write(replace(known, former_numbers=()))])
    for which in (1, 0):
        kept = of([one for one in people[: which + 1] if one is not people[which]], world)
        last = of(people[2:], world)
        forget(people[which], people[which].user_id, world)
        assert_gone(people[which], world)
        assert of(people[:which], world) == kept
        assert of(people[2:], world) == last


def test_an_erasure_of_bounded_names_is_none_to_a_version_without_bounds(world, backend):
    people = three_in_turn(world)
    erasure = people[0].wish(people[0].user_id)
    document = backend.kept("whatsapp_erasures", erasure)
    assert document["bounded"]["names"] == [NUMBER, people[0].user_id]
    assert document.get("work") is None


def test_who_comes_back_is_not_taken_for_the_first_owner(world):
    first, _, last = people = three_in_turn(world)
    forget(last, NUMBER, world)
    known = world.stores.conversations.read(NUMBER, last.user_id)
    message = replace(last.message(9), received_at=world.now)
    fresh = open_session(known, message, "default-assistant", world.now)
    assert (fresh.contact, fresh.id) == (NUMBER, f"whatsapp-{last.user_id}")
    assert fresh.number_since == message.received_at
    world.documents.replace([session_write(fresh)])
    before = of(people[:2], world)
    forget(last, NUMBER, world)
    assert of(people[:2], world) == before
    assert first.word in world.everything()


@pytest.mark.parametrize("archived_before", [False, True])
def test_whose_session_is_over_takes_nothing_of_those_before(world, backend, archived_before):
    *former, last = three_in_turn(world)
    for person in former if archived_before else ():
        known = world.stores.conversations.read(person.user_id, person.user_id).session
        world.documents.replace([session_write(replace(known, former_numbers=()))])
    backend.delete("whatsapp_sessions", NUMBER)
    kept = of(former, world)
    forget(last, NUMBER, world)
    assert of(former, world) == kept


@pytest.mark.thorough
@pytest.mark.parametrize("which", range(3))
def test_one_that_is_killed_at_any_step_takes_nothing_of_the_others(world, which):
    for step in range(1 + which, 200, 3):
        number = f"+1555888{step:04}"
        people = three_in_turn(world, number, 3 * step)
        person = people[which]
        others = [one for one in people if one is not person]
        kept = of(others, world)
        erasure = person.wish(address_of(person, people))
        world.steps.kill_at(step)
        try:
            erase(erasure, world.eraser)
            break
        except Killed:
            world.steps.last = None
        erase(erasure, world.eraser)
        world.now += timedelta(hours=1)
        assert erase_due(world.eraser)
        assert_gone(person, world)
        assert of(others, world) == kept
    assert 20 < step < 197
