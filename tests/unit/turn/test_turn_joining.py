"""Messages in pieces: each is in one question, in order, whatever ends before whatever step."""

import json
import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import combinations, count

import pytest

from lib.conversation.limits import Limits
from lib.model import Location, Media, MessageKind, TurnState
from lib.queue.envelope import encode
from lib.turn.dead_letter import give_up
from tests.bursts import World, queued
from tests.carrying import PowerCutError

OPTED_OUT = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
GIVEN_UP = "I'm sorry, I could not answer your last message. Please send it again."
PICTURE = Media("https://api.example/1", "image/png")


@pytest.fixture
def world(tmp_path):
    """A world where nothing ends before its time."""
    world = World(tmp_path, lambda _: None)
    yield world
    world.close()


def push(message):
    data, attributes = encode(message)
    return json.dumps(
        {"message": {"data": b64encode(data).decode(), "attributes": attributes}}
    ).encode()


def replies(world):
    return [text for _, text, _ in world.received]


def test_pieces_written_one_after_another_are_one_question(world):
    world.write("can you")
    world.meanwhile["pause"] = [lambda: world.write("tell me"), lambda: world.write("the time?")]
    world.settle()
    assert world.questions == ["can you\ntell me\nthe time?"]
    assert replies(world) == ["can you tell me the time?"]
    assert world.pauses == [0.8]
    assert world.history == [
        ("SM1", "user", "can you"),
        ("SM2", "user", "tell me"),
        ("SM3", "user", "the time?"),
        ("SM1", "assistant", "can you tell me the time?"),
    ]
    assert [world.turn(f"SM{number}").joined_to for number in (1, 2, 3)] == ["", "SM1", "SM1"]
    assert (world.session.held, world.session.question) == ("", "SM1")


def test_what_looks_unfinished_is_answered_by_itself_if_nothing_follows(world):
    world.write("can you")
    world.settle()
    world.write("tell me")
    world.settle()
    assert world.questions == ["can you", "tell me"]
    assert world.pauses == [0.8, 0.8]


def test_a_finished_message_is_answered_at_once_in_as_many_steps_as_without_joining(tmp_path):
    taken = []
    for joins in (True, False):
        steps = []
        folder = tmp_path / str(joins)
        folder.mkdir()
        world = World(folder, steps.append, joins=joins)
        for text in ("Hello.", "What is the time in Copenhagen now, and in Oslo", "/list", "Bye!"):
            world.write(text)
            world.settle()
        assert len(world.questions) == 3
        assert not world.pauses
        taken.append(steps)
        world.close()
    assert taken[0] == taken[1]
    # The claim, the person, the answer, and one for the chunk.
    assert taken[0][:6] == ["create", "read", "ask", "answered", "write_if", "send"]
    assert taken[0][6] == "write_if"


def test_what_was_written_while_an_answer_was_awaited_is_one_question(world):
    world.write("A first question?")
    world.meanwhile["answered"] = [lambda: world.write("Another one."), lambda: world.write("Or?")]
    world.settle()
    assert world.questions == ["A first question?", "Another one.\nOr?"]
    assert not world.pauses


def test_what_came_after_the_answer_was_stored_has_not_waited(world):
    world.write("A first question?")
    world.meanwhile["send"] = [lambda: world.write("Another one."), lambda: world.write("Or?")]
    world.settle()
    assert world.questions == ["A first question?", "Another one.", "Or?"]


def test_an_album_is_one_question_with_all_its_pictures(world):
    for _ in range(3):
        world.write("", kind=MessageKind.MEDIA, media=(PICTURE,))
    world.settle()
    assert world.questions == ["\n\n".join(["[Attachment: image/png https://api.example/1]"] * 3)]


def test_a_finished_message_joins_the_question_that_waits(world):
    world.write("and")
    world.write("A whole sentence, longer than any that looks unfinished would be.")
    world.settle()
    assert world.questions == [
        "and\nA whole sentence, longer than any that looks unfinished would be."
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "/list"},
        {"text": "", "kind": MessageKind.LOCATION, "location": Location(1.0, 2.0)},
        {"text": "that one", "reply_to": "SMother"},
        {"text": "look", "forwarded": True},
        {"text": "", "kind": MessageKind.FORM, "form": (("name", "Ann"),)},
        {"text": "", "kind": MessageKind.UNSUPPORTED},
    ],
)
def test_what_is_no_piece_is_answered_after_what_waits(world, fields):
    world.write("and")
    world.write(**fields)
    world.settle()
    assert world.questions[0] == "and"
    assert len(world.received) == 2
    assert replies(world)[0] == "and"
    assert world.turn("SM2").joined_to == ""
    assert world.pauses == [0.8]


def test_two_pieces_are_never_read_as_a_command(world):
    """Together these are the word STOP, letter by letter."""
    world.write("st")
    world.write("op")
    world.settle()
    assert world.questions == ["st\nop"]
    assert world.session.opted_out_at is None


def test_a_stop_waits_for_nothing(world):
    world.write("and")
    world.hand_over()
    world.queue.reverse()
    world.write("STOP")
    world.queue.reverse()
    world.settle()
    assert replies(world) == [OPTED_OUT, "and"]
    assert world.session.opted_out_at is not None


def test_a_question_has_ten_messages_at_most(world):
    for number in range(1, 13):
        world.write(f"m{number}")
    world.settle()
    assert world.questions[0].split() == [f"m{number}" for number in range(1, 11)]
    assert world.questions[1].split() == ["m11", "m12"]


def test_a_question_has_eight_kilobytes_of_words_at_most(world):
    long = "é" * 2000  # twice as many bytes
    for _ in range(3):
        world.write("and")
        world.write(long)
    world.settle()
    # Five messages with four ends of lines, and the one that had no room.
    assert [len(one.encode()) for one in world.questions] == [3 * 3 + 2 * 4000 + 4, 4000]


def test_what_comes_from_another_address_is_no_piece(world):
    world.write("and", user_id="US.1A2B3C")
    world.hand_over()
    other = world.write("more", user_id="US.1A2B3C")
    world.queue.pop()
    world.queue.append(queued(type(other)("SM9", "US.1A2B3C", world.now, text="more")))
    world.settle()
    assert world.questions == ["and", "more"]


def test_each_message_of_a_burst_counts_for_the_pace_and_all_of_it_is_one_question(tmp_path):
    world = World(tmp_path, lambda _: None, limits=Limits(3, 10))
    for number in range(1, 6):
        world.write(f"m{number}")
    world.settle()
    assert world.questions == ["m1\nm2\nm3"]
    assert sorted(replies(world)) == sorted([SLOW_DOWN, "m1 m2 m3"])
    assert world.session.usage.asked == 1
    world.close()


def test_where_joining_is_off_what_waits_already_is_answered_first(tmp_path):
    world = World(tmp_path, lambda _: None)
    world.write("and")
    world.hand_over()
    world.queue.clear()
    world.close()
    world = World(tmp_path, lambda _: None, joins=False, now=world.now, typed=["and"])
    world.write("more")
    world.settle()
    assert world.questions == ["and", "more"]
    assert not world.pauses
    world.close()


def test_a_question_whose_message_got_lost_is_found_by_the_tick(world):
    world.write("and")
    world.hand_over()
    assert world.turn("SM1").state is TurnState.HELD
    world.queue.clear()
    world.now += timedelta(seconds=59)
    world.tick()
    assert not world.queue
    world.now += timedelta(seconds=2)
    world.tick()
    world.settle()
    assert replies(world) == ["and"]


@pytest.mark.parametrize("lost", [timedelta(minutes=61), timedelta(hours=25)])
def test_nothing_is_added_to_a_question_that_waited_for_long(world, lost):
    world.write("and")
    world.hand_over()
    world.queue.clear()
    world.now += lost
    world.write("more")
    world.settle()
    assert world.turn("SM2").joined_to == ""
    assert world.questions[-1] == "more"
    # Its own message, or the tick, makes a dead letter of what is too old to be answered.
    assert len(world.questions) == (2 if lost < timedelta(days=1) else 1)
    assert world.session.held == ""


def test_a_stopped_turn_takes_nothing_up_any_more(world):
    world.write("and")
    world.hand_over()
    held = world.turn("SM1")
    world.stores.turns.commit(replace(held, state=TurnState.DELIVERED, stopped_by="SM9"))
    world.write("more")
    world.settle()
    assert world.questions == ["more"]
    assert world.session.held == ""


def test_a_question_that_is_given_up_is_one_letter_with_all_its_words(world):
    world.write("and")
    world.write("more")
    for _ in range(2):
        world.hand_over()
    give_up(push(world.queue.pop(0).item), "came too often", world.responder)
    assert replies(world) == [GIVEN_UP]
    letter = world.stores.dead_letters.find("SM1")
    assert "and\\nmore" in letter.payload


# Whatever ends before whatever step.

BURSTS = {
    "one": ["m1"],
    "two": ["m1", "m2"],
    "three": ["m1", "m2", "m3."],
    "a command": ["m1", "m2", "/list", "m4"],
    "finished": ["m1.", "m2.", "m3"],
    "six": ["m1", "m2", "m3.", "m4", "/list", "m6"],
}
LATER = {"at once": None, "in the pause": "pause", "while asked": "answered", "sent": "send"}


class Crashes:
    """Ends whoever takes one of these steps, counted from the first."""

    def __init__(self, *at):
        self.at, self.taken = at, 0

    def __call__(self, _):
        self.taken += 1
        if self.taken - 1 in self.at:
            raise PowerCutError


def tell(folder, burst, later, crashes, *, lost_acks=False):
    """Let a burst be written and dealt with; check what came of it, and return the steps taken."""
    folder.mkdir()
    world = World(folder, crashes)
    try:
        first, *others = BURSTS[burst]
        world.write(first)
        if LATER[later] is None:
            for text in others:
                world.write(text)
        else:
            world.meanwhile[LATER[later]] = [partial(world.write, text) for text in others]
        if lost_acks:
            world.lose_acks()
        world.settle()
        world.meanwhile.clear()  # the process ended before it
        for text in BURSTS[burst][len(world.typed) :]:
            world.write(text)
        world.settle()
        check(world, BURSTS[burst])
        return crashes.taken
    finally:
        world.close()
        shutil.rmtree(folder)


def check(world, typed):
    """Each message is in one question that was answered, in order, and once in history."""
    assert world.words == typed
    own = [world.turn(f"SM{number}") for number in range(1, len(typed) + 1)]
    assert {turn.state for turn in own} == {TurnState.DELIVERED}
    # A piece has no answer of its own, and what it was joined to holds its words once.
    for turn in own:
        assert bool(turn.chunks) != bool(turn.joined_to)
        holds = [one.id for one in own if turn.payload in one.parts]
        assert holds == [turn.joined_to] * bool(turn.joined_to)
        assert len(set(turn.parts)) == len(turn.parts)
    said = [(name, words) for name, role, words in world.history if role == "user"]
    assert said == [(f"SM{number}", text) for number, text in enumerate(typed, 1)]
    assert world.session.held == ""


@pytest.mark.thorough
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("burst", BURSTS)
def test_each_message_is_in_one_question_whatever_step_a_process_ends_before(
    tmp_path, burst, later
):
    names = map(str, count())
    steps = tell(tmp_path / next(names), burst, later, Crashes())
    for step in range(steps):
        tell(tmp_path / next(names), burst, later, Crashes(step))


@pytest.mark.thorough
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("burst", ["two", "three"])
def test_each_message_is_in_one_question_though_three_processes_end(tmp_path, burst, later):
    names = map(str, count())
    steps = tell(tmp_path / next(names), burst, later, Crashes())
    # Those behind the first count the steps of whoever goes on.
    for at in combinations(range(0, steps + 10, 4), 3):
        tell(tmp_path / next(names), burst, later, Crashes(*at))


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("burst", BURSTS)
def test_each_message_is_in_one_question_though_all_of_it_is_handed_over_again(
    tmp_path, burst, later
):
    tell(tmp_path / "world", burst, later, Crashes(), lost_acks=True)
