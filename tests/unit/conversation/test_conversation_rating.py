"""Ratings as people type them behind /rate."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.conversation.commands.parse import parse_command
from lib.conversation.commands.rating import read_feedback
from lib.model import Feedback, InboundMessage
from tests.cpu import cpu

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def read(text):
    command = parse_command(InboundMessage("SM1", "+15550001111", NOW, text=text))
    assert command.name == "rate"
    return read_feedback(command.argument)


@pytest.mark.parametrize(
    ("text", "rating", "comment"),
    [
        *((f"/rate {number}", number, "") for number in range(1, 6)),
        ("/RATE 4", 4, ""),
        ("／rate　４", 4, ""),
        ("/rate@bot 4", 4, ""),
        ("/rate: 4", 4, ""),
        ("/rate:4", 4, ""),
        ("/rate (4)", 4, ""),
        ("/rate 4.", 4, ""),
        ("/rate 4!!!", 4, ""),
        ("/rate 4/5", 4, ""),
        ("/rate 4/5 nice", 4, "nice"),
        ("/rate 4 nice work", 4, "nice work"),
        ("/rate 4, nice   work", 4, "nice work"),
        ("/rate 4\nnice\nwork", 4, "nice work"),
        ("/rate 4 🙂", 4, "🙂"),
        ("/rate \u200e4\u200f", 4, ""),
        ("/rate ٣", 3, ""),
        ("/rate ३ अच्छा", 3, "अच्छा"),
        ("/rate ④", 4, ""),
        ("/rate 4️⃣", 4, ""),
        ("/rate 👍", 5, ""),
        ("/rate 👍🏽", 5, ""),
        ("/rate 👍👍", 5, ""),
        ("/rate 👍 thanks", 5, "thanks"),
        ("/rate 👎", 1, ""),
        ("/rate 👎🏿 bad", 1, "bad"),
    ],
)
def test_a_rating_is_what_was_meant(text, rating, comment):
    assert read(text) == Feedback(rating, comment)


@pytest.mark.parametrize(
    "text",
    [
        *("/rate", "/rate ", "/rate 0", "/rate 6", "/rate 9", "/rate -1", "/rate −2", "/rate +1"),
        *("/rate 10", "/rate 55", "/rate 4.5", "/rate 4,5", "/rate 4x", "/rate 4/10", "/rate ٩"),
        *("/rate abc", "/rate four", "/rate nice 4", "/rate 🙂", "/rate 👍👎", "/rate 1-5"),
        *("/rate <4>x", "/rate ½", "/rate 1e0", "/rate " + "9" * 4000),
    ],
)
def test_what_is_no_rating_from_1_to_5_is_none(text):
    assert read(text) is None


@given(st.text())
def test_any_argument_is_a_rating_from_1_to_5_or_none(argument):
    found = read_feedback(argument)
    assert found is None or 1 <= found.rating <= 5


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["👍", "👎🏿", ":", "(", "!", "4", "4 ", "4! ", "👍!"])
def test_an_argument_of_any_length_is_read_in_time(unit):
    argument = unit * (200_000 // len(unit))
    assert cpu(lambda: [read_feedback(argument), read_feedback(f"4 {argument}")], 3) < 1
