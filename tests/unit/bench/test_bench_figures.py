"""Medians, ratios, counts: everything that makes a figure of measurements."""

import pytest

from bench.errors import MeasurementError
from bench.figures import Sample, percentile, ratio
from bench.messages import Message
from bench.replies import require_all
from bench.roundtrips import sequential
from bench.standins.played import Ask, Record, Send, answer_to
from bench.texts import KINDS, text
from bench.waiting import at_once, latest


def test_a_sample_tells_its_median_and_its_bounds():
    sample = Sample((3.0, 1.0, 2.0))
    assert sample.median == 2.0
    assert sample.text(1, "ms") == "2.0 ms (1.0..3.0)"


def test_a_ratio_is_that_of_the_rounds():
    assert ratio(Sample((2.0, 9.0, 30.0)), Sample((1.0, 3.0, 100.0))) == 2.0


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 50), (0.501, 51), (0.95, 95), (0.99, 99), (1.0, 100)]
)
def test_a_percentile_is_the_least_value_that_covers_its_share(share, expected):
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_nothing_has_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("exchanges", "expected"),
    [
        ([], 0),
        ([("a", 0, 1), ("b", 1, 2), ("c", 5, 6)], 3),
        ([("a", 0, 2), ("b", 1, 3)], 1),
        ([("a", 0, 9), ("b", 1, 2), ("c", 3, 4)], 2),
    ],
)
def test_only_round_trips_that_wait_for_one_another_count(exchanges, expected):
    assert sequential(exchanges) == expected


def ask(came, left, who="+1"):
    return Ask(came, left, f"{who}@whatsapp.user", "q")


def test_conversations_at_once_are_counted_at_the_busiest_moment():
    assert at_once([ask(0, 2), ask(1, 3), ask(3, 4)]) == 2


def test_the_latest_reply_is_measured_from_its_own_answer():
    record = Record(
        asks=[ask(0, 10, "+1"), ask(0, 20, "+2")],
        sends=[Send(10.5, "SM1", "whatsapp:+1", ""), Send(20.25, "SM2", "whatsapp:+2", "")],
    )
    assert latest(record) == 0.5


ASKED = [Message("SM1", "+1", "one"), Message("SM2", "+1", "two"), Message("SM3", "+2", "one")]


def replied(*replies):
    return Record(sends=[Send(0, "", f"whatsapp:{to}", answer_to(text)) for to, text in replies])


def test_every_message_answered_once_and_in_order_is_fine_whoever_comes_first():
    require_all(replied(("+2", "one"), ("+1", "one"), ("+1", "two")), ASKED)


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([("+1", "one"), ("+1", "two")], "'lost': 1"),
        ([("+1", "one"), ("+1", "two"), ("+2", "one"), ("+2", "one")], "'twice': 1"),
        ([("+1", "two"), ("+1", "one"), ("+2", "one")], "'out of order': 1"),
        ([("+1", "one"), ("+1", "two"), ("+2", "one"), ("+3", "one")], "'unknown': 1"),
    ],
)
def test_what_went_wrong_with_replies_is_named(replies, words):
    with pytest.raises(MeasurementError, match=words):
        require_all(replied(*replies), ASKED)


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_answer_has_its_length_and_does_not_repeat(kind):
    answer = text(kind, 20_000)
    assert len(answer) == 20_000
    assert answer[:200] not in answer[1:]
