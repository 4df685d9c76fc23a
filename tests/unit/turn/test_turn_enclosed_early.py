"""Answers with media that are written before one's eyes: what leaves early, and what follows."""

import random

import pytest

from lib.conversation.moment import Outcome
from lib.model import Early, Enclosing
from lib.reply.rendering import render
from lib.stopping import Stop
from lib.turn.early import EarlyParts
from lib.turn.rest import still_to_say

ALL = Enclosing(contacts=True)
WORDS = "These are plain words of no account, which only fill the space there is. " * 8
MEDIA = [
    "![A cat](https://example.com/cat.png)",
    "Look at ![a dog](https://example.com/dog.jpg), please.",
    "- [Paper](https://example.com/p.pdf)\n- ![x](https://example.com/x.png)",
    "[Gate](geo:52.5,13.4)",
    "[Ann](tel:+491701234567)",
]


class Voice:
    def __init__(self):
        self.stop, self.said = Stop(), []

    @property
    def has_spoken(self):
        return bool(self.said)

    def say(self, text):
        self.said.append(text)
        return True


def heard(markdown, step, mode=Early.PARTS):
    voice = Voice()
    listener = EarlyParts(mode, voice, iter(range(0, 10**6, 60)).__next__, enclosing=ALL)
    for end in range(step, len(markdown) + step, step):
        listener.hear(markdown[:end])
    return voice.said


def answers():
    chance = random.Random(20261129)  # noqa: S311 - no secret
    for _ in range(25):
        parts = chance.choices([WORDS, WORDS, WORDS, *MEDIA], k=10)
        yield "\n\n".join([*[WORDS] * chance.randrange(14), *parts])


@pytest.mark.parametrize("mode", [Early.PARTS, Early.PARAGRAPH])
def test_what_leaves_early_is_how_the_whole_begins_and_stands_before_all_media(mode):
    left = 0
    for markdown in answers():
        said = heard(markdown, 190, mode)
        whole = render(markdown, enclosing=ALL)
        outcome = Outcome("assistant", None, markdown, whole.chunks, enclosed=whole.enclosed)
        rest = still_to_say(said, outcome, ALL)
        assert "interrupted" not in "".join(rest)
        if mode is Early.PARTS:
            assert (*said, *rest) == whole.chunks
        first = min((markdown.find(one) for one in MEDIA if one in markdown), default=len(markdown))
        before = render(markdown[:first], enclosing=ALL)
        assert before.enclosed == ()
        assert sum(map(len, said)) <= sum(map(len, before.chunks))
        left += len(said)
    assert left > 5


def test_nothing_leaves_early_of_an_answer_that_begins_with_a_picture():
    assert heard("\n\n".join([MEDIA[0], *[WORDS] * 12]), 100) == []
