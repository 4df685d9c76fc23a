"""How much work an answer is, in calls of our own functions: counts, not times."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.texts import KINDS, text
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp

HOME = str(Path(__file__).parents[3] / "lib")
MOST_CALLS_A_THOUSAND = {
    "prose": 120,
    "Markdown": 1080,
    "lists": 1530,
    "tables": 760,
    "code": 120,
    "other scripts": 800,
    "one paragraph": 1120,
}


def calls(answer):
    """The calls it takes to make messages of an answer, by the name of the module called."""
    called = Counter()

    def count(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(HOME):
            called[Path(frame.f_code.co_filename).stem] += 1

    sys.setprofile(count)
    try:
        split(to_whatsapp(to_markdown(answer)))
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_takes_few_calls_for_its_length_and_twice_as_many_for_twice_of_it(kind):
    once, twice = (calls(text(kind, size)).total() for size in (25_000, 50_000))
    assert twice <= 50 * MOST_CALLS_A_THOUSAND[kind]
    assert twice <= 2.1 * once


def test_a_doubtful_mark_is_no_reason_to_look_twice_at_the_line_before_it():
    def second_looks(words):
        answer = "a *stressed* word " * words
        return calls(f"{answer}and \\*args")["emphasis"] - calls(answer)["emphasis"]

    assert second_looks(1000) == second_looks(10) > 0


@pytest.mark.parametrize(
    "line", ["a **bold** word, `x_1` and [a](https://x.io)", "第1章:**很好**的*例文*です"]
)
def test_a_line_that_cannot_be_misread_gets_no_second_look(line):
    plain = calls("a word\n")["emphasis"]
    assert calls(line)["emphasis"] == plain
