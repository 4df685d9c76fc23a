"""A turn whose answer leaves in parts: a crash at every step, and another answer afterwards."""

import pytest

from lib.errors import AssistantError
from lib.model import ChunkKind, ChunkState, TurnState
from lib.storage.stores.turn_documents import read_turn, turn_document
from tests.talking import BROKE_OFF, INTERRUPTED, Talking, check, check_whole, said, texts_of
from tests.workers import LEASE, MESSAGE, Worker

FIRST = said("alpha", "beta", "gamma", "delta")
OTHER = said("alpha", "other", "third")
SHORT = ["Something short."]


@pytest.fixture
def talking(tmp_path):
    worlds = []

    def begin(*sayings, **settings):
        folder = tmp_path / str(len(worlds))
        folder.mkdir()
        worlds.append(Talking(folder, *sayings, **settings))
        return worlds[-1]

    yield begin
    for world in worlds:
        world.close()


def run(world, fates=()):
    """Let a worker go to its end; ``fates`` are what becomes of its sends."""
    left = list(fates)
    worker = Worker(world.responder)
    while worker.at:
        worker.step(left.pop(0) if worker.at == "send" and left else "sent")
        check(world)


def finish(world):
    for _ in range(4):
        world.now += LEASE
        run(world)
    assert world.turn.state is TurnState.DELIVERED


def words(world):
    return [text.split()[0] for text in world.texts]


def test_two_parts_leave_before_the_answer_is_whole(talking):
    world = talking(FIRST)
    worker = Worker(world.responder)
    sends = []
    while worker.at:
        if worker.at == "send":
            sends.append((world.turn.state, world.turn.chunks[-1].kind))
        worker.step()
    early = (TurnState.THINKING, ChunkKind.EARLY)
    late = (TurnState.ANSWERED, ChunkKind.ANSWER)
    assert sends == [early, early, late, late]
    assert world.texts == FIRST
    assert world.turn.state is TurnState.DELIVERED
    assert {chunk.kind for chunk in world.turn.chunks} == {ChunkKind.ANSWER}


def test_without_a_part_that_leaves_early_a_turn_takes_the_steps_it_always_took(talking):
    steps = []
    for settings in ({"early": "parts"}, {"early": "off"}):
        world = talking(SHORT, **settings)
        worker, taken = Worker(world.responder), []
        while worker.at:
            taken.append(worker.at)
            worker.step()
        steps.append(taken)
        assert world.texts == SHORT
    assert steps[0] == steps[1]
    assert [step for step in steps[0] if step != "read"].count("write_if") == 2


def crashed(world, steps, fates=()):
    """Let a worker end after so many steps; whether it got that far."""
    left = list(fates)
    worker = Worker(world.responder)
    for _ in range(steps):
        if not worker.at:
            return False
        worker.step(left.pop(0) if worker.at == "send" and left else "sent")
    if not worker.at:
        return False
    worker.crash()
    return True


@pytest.mark.thorough
@pytest.mark.parametrize("second", [FIRST, OTHER, SHORT, FIRST[:1], FIRST[:2]])
@pytest.mark.parametrize("fates", [(), ("lost",), ("cut",), ("refused",), ("sent", "lost")])
def test_whatever_step_a_worker_ends_at_the_person_gets_an_answer_once(talking, second, fates):
    for steps in range(60):
        world = talking(FIRST, second)
        was_killed = crashed(world, steps, fates)
        check(world)
        finish(world)
        check_whole(world, [FIRST, second])
        if not was_killed:
            return
    raise AssertionError("it never ended")


@pytest.mark.thorough
def test_workers_that_end_again_and_again_lose_and_repeat_nothing(talking):
    for first in range(0, 26, 3):
        for second in range(0, 20, 3):
            world = talking(FIRST, OTHER, said("alpha", "beta", "new", "newer"))
            crashed(world, first)
            world.now += LEASE
            crashed(world, second)
            check(world)
            finish(world)
            check_whole(world, [FIRST, OTHER, said("alpha", "beta", "new", "newer")])


def until_sent(world, count):
    """Let a worker end when it has noted so many parts as sent."""
    worker = Worker(world.responder)
    while len(texts_of(world.turn, ChunkState.SENT)) < count:
        worker.step()
    worker.crash()


def test_an_answer_that_begins_the_same_goes_on_where_it_stopped(talking):
    world = talking(FIRST, said("alpha", "beta", "new"))
    until_sent(world, 2)
    finish(world)
    assert words(world) == ["alpha", "beta", "new"]
    assert world.asked == 2


def test_an_answer_that_begins_otherwise_is_said_from_its_beginning_behind_a_line(talking):
    world = talking(FIRST, OTHER)
    until_sent(world, 2)
    finish(world)
    assert world.texts[:2] == FIRST[:2]
    assert world.texts[2].startswith(f"{INTERRUPTED}\n\nalpha word")
    assert "other word" in " ".join(world.texts[3:])


def test_who_takes_over_behind_a_part_says_nothing_early(talking):
    world = talking(FIRST)
    until_sent(world, 1)
    world.now += LEASE
    worker, states = Worker(world.responder), []
    while worker.at:
        if worker.at == "send":
            states.append(world.turn.state)
        worker.step()
    assert states == [TurnState.ANSWERED] * 3
    assert world.texts == FIRST


@pytest.mark.parametrize("fate", ["refused", "lost", "cut"])
def test_what_becomes_of_an_early_send_ends_no_more_than_the_early_sending(talking, fate):
    world = talking(FIRST)
    run(world, [fate])
    assert world.asked == 1
    assert world.turn.state in {TurnState.ANSWERED, TurnState.DELIVERED}
    finish(world)
    assert world.texts == FIRST
    assert world.asked == 1


def test_an_answer_that_breaks_off_after_a_part_says_so_and_is_not_remembered(talking):
    world = talking([*FIRST, AssistantError("cut")])
    run(world)
    assert words(world)[:2] == ["alpha", "beta"]
    assert world.texts[2:] == [BROKE_OFF]
    assert world.turn.state is TurnState.DELIVERED
    session = world.stores.conversations.read(MESSAGE.address, "").session
    assert session.recent == ()


def test_an_answer_that_breaks_off_before_a_part_is_excused_as_ever(talking):
    world = talking([FIRST[0], AssistantError("cut")])
    run(world)
    assert world.texts == [
        "Something went wrong while the assistant was answering. Please try again."
    ]


def test_an_assistant_that_fails_when_it_is_asked_again_breaks_off_what_was_said(talking):
    world = talking(FIRST, [AssistantError("down")])
    until_sent(world, 1)
    finish(world)
    assert world.texts == [FIRST[0], BROKE_OFF]


def test_the_version_before_refuses_a_turn_of_which_a_part_left(talking):
    world = talking(FIRST)
    worker = Worker(world.responder)
    while not world.received:
        worker.step()
    document = turn_document(world.turn)
    assert document["state"] == "thinking"
    assert [one["state"] for one in document["chunks"]] == ["early_sending"]
    assert read_turn("SM1", document, world.turn.revision) == world.turn
    worker.crash()
