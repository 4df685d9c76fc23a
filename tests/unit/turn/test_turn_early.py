"""What leaves of an answer while it is written: the beginning of what all of it becomes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.texts import KINDS
from bench.texts import text as long_answer
from lib.conversation.moment import Outcome
from lib.errors import TurnTakenError
from lib.model import Early
from lib.reply.rendering import render
from lib.stopping import Stop, StoppedError
from lib.turn.early import EarlyParts
from lib.turn.rest import still_to_say
from tests.cpu import cpu
from tests.formatting_document import kinds

SAMPLES = [markdown for kind in kinds() for markdown, _ in kind["samples"]]
WORDS = "These are plain words of no account, which only fill the space there is. "


class Voice:
    """Keeps what it is to say. After ``most`` parts it says that no more may follow."""

    def __init__(self, most=1000):
        self.stop, self.said, self.most = Stop(), [], most

    @property
    def has_spoken(self):
        return bool(self.said)

    def say(self, text):
        self.said.append(text)
        return len(self.said) < self.most


def heard(markdown, steps, mode=Early.PARTS, voice=None):
    """What leaves of an answer that comes in these steps."""
    voice = voice or Voice()
    listener, end = EarlyParts(mode, voice), 0
    for step in steps:
        end += step
        listener.hear(markdown[:end])
        if end >= len(markdown):
            break
    return voice.said


def answered(markdown):
    return Outcome("assistant", None, markdown, render(markdown).chunks)


def answers():
    chance = random.Random(20260103)  # noqa: S311 - no secret
    for _ in range(120):
        parts = (chance.choice([*SAMPLES, WORDS * chance.randrange(1, 9)]) for _ in range(30))
        yield "\n\n".join(parts)
    yield from (long_answer(kind, 8_000) for kind in KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("least", [1, 97, 900])
def test_what_leaves_early_is_how_the_whole_begins_and_no_message_more(least):
    chance = random.Random(least)  # noqa: S311 - no secret
    left = 0
    for markdown in answers():
        said = heard(markdown, iter(lambda: chance.randrange(1, 300) + least, None))
        whole = render(markdown).chunks
        assert tuple(said) == whole[: len(said)]
        assert len(said) < len(whole)
        assert still_to_say(said, answered(markdown)) == whole[len(said) :]
        left += len(said)
    assert left > 5


PARAGRAPHS = st.lists(
    st.sampled_from([*SAMPLES, WORDS, WORDS * 3, WORDS * 12, "Ünïcödé 👩‍👩‍👧 " * 40, "x" * 1700]),
    min_size=1,
    max_size=25,
)


@given(PARAGRAPHS, st.lists(st.integers(1, 2000), min_size=1, max_size=40), st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_in_whatever_steps_it_goes_on_as_it_began(parts, steps, tight):
    markdown = ("\n" if tight else "\n\n").join(parts)
    said = heard(markdown, [*steps, len(markdown)])
    whole = render(markdown).chunks
    assert tuple(said) == whole[: len(said)]


def test_a_part_leaves_once_the_next_one_has_begun():
    paragraphs = [f"{n} {WORDS * 10}".strip() for n in range(6)]
    voice = Voice()
    listener = EarlyParts(Early.PARTS, voice)
    counts = []
    for count in range(1, 7):
        listener.hear("\n\n".join(paragraphs[:count]))
        counts.append(len(voice.said))
    assert counts == [0, 0, 0, 1, 1, 2]
    assert voice.said == ["\n\n".join(paragraphs[:2]), "\n\n".join(paragraphs[2:4])]


def test_an_answer_of_one_message_never_leaves_early():
    assert heard("\n\n".join([WORDS * 4] * 5)[:1590], [10] * 200) == []


def test_nothing_more_leaves_once_one_could_not():
    markdown = "\n\n".join([WORDS * 12] * 20)
    assert len(heard(markdown, [200] * 200)) > 3
    assert len(heard(markdown, [200] * 200, voice=Voice(most=1))) == 1


def test_no_more_than_thirty_parts_leave_early():
    markdown = "\n\n".join(f"{n} {WORDS * 15}" for n in range(60))
    assert len(heard(markdown, [500] * 1000)) == 30


def test_a_text_that_changes_ends_it():
    voice = Voice()
    listener = EarlyParts(Early.PARTS, voice)
    markdown = "\n\n".join([WORDS * 12] * 6)
    listener.hear(markdown)
    before = list(voice.said)
    assert before
    for count in range(6, 30):
        listener.hear("Other. " + "\n\n".join([WORDS * 12] * count))
    assert voice.said == before


def test_a_stop_ends_the_answer_and_no_further_part_begins():
    class Stopped(Voice):
        def say(self, text):
            self.stop.give()
            return super().say(text)

    voice = Stopped()
    listener = EarlyParts(Early.PARTS, voice)
    with pytest.raises(StoppedError):
        listener.hear("\n\n".join([WORDS * 12] * 9))
    assert len(voice.said) == 1
    with pytest.raises(TurnTakenError):
        listener.hear("short")


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_what_leaves_of_the_longest_answer_takes_little_cpu(kind):
    markdown = long_answer(kind, 200_000)
    assert cpu(lambda: heard(markdown, [50] * 10_000), 0.8) < 0.8


def paragraphs_after(seconds, markdown, steps):
    now = [0.0]
    voice = Voice()
    listener = EarlyParts(Early.PARAGRAPH, voice, lambda: now[0])
    for end in steps:
        now[0] = seconds
        listener.hear(markdown[:end])
    return voice.said


@pytest.mark.parametrize(("seconds", "count"), [(5.9, 0), (6.1, 1), (90.0, 1)])
def test_the_first_paragraphs_leave_once_where_it_takes_long(seconds, count):
    paragraphs = [f"{n} {WORDS * 3}".strip() for n in range(12)]
    markdown = "\n\n".join(paragraphs)
    said = paragraphs_after(seconds, markdown, range(0, len(markdown), 100))
    assert said == ["\n\n".join(paragraphs[:2])][:count]
    assert still_to_say(said, answered(markdown))[0].startswith(f"{2 * count} These are")


@pytest.mark.slow
def test_paragraphs_that_left_stand_before_the_rest():
    left = 0
    for markdown in answers():
        said = paragraphs_after(7.0, markdown, range(0, len(markdown), 97))
        whole = render(markdown).chunks
        rest = still_to_say(said, answered(markdown))
        if said:
            left += 1
            assert whole[0].startswith(said[0])
            assert not rest[0].startswith("_(I was interrupted")
            assert len(said) + len(rest) <= len(whole) + 1
    assert left > 5


def test_of_an_answer_that_begins_otherwise_all_is_said_behind_a_line():
    markdown = "\n\n".join([WORDS * 12] * 4)
    rest = still_to_say(["Something else."], answered(markdown))
    assert rest[0].startswith("_(I was interrupted; from the beginning:)_\n\nThese are plain")
    assert "".join(" ".join(rest).split()).endswith("".join(markdown.split()))


def test_of_an_answer_that_is_shorter_than_what_was_said_all_is_said():
    said = [WORDS.strip(), WORDS.strip()]
    rest = still_to_say(said, answered(WORDS))
    assert rest == (f"_(I was interrupted; from the beginning:)_\n\n{WORDS.strip()}",)


def test_an_answer_that_was_all_said_leaves_nothing():
    assert still_to_say([WORDS.strip()], answered(WORDS)) == ()


def test_an_excuse_is_said_as_it_is():
    assert still_to_say(["One."], Outcome("notice", None, "No.", ("No.",))) == ("No.",)


def test_what_was_said_of_a_text_that_goes_on_in_the_same_word_is_no_beginning():
    rest = still_to_say(["One wor"], answered("One word more."))
    assert rest == ("_(I was interrupted; from the beginning:)_\n\nOne word more.",)
