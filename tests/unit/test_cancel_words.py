"""The words that overtake: which messages are one, however they are written."""

from datetime import UTC, datetime

import pytest

from lib.cancel_words import is_cancel_word
from lib.model import Choice, InboundMessage, MessageKind

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def message(text, **fields):
    return InboundMessage("SM1", "+15550001111", NOW, text=text, **fields)


@pytest.mark.parametrize(
    "text",
    [
        "/cancel",
        "/abort",
        "cancel",
        "Abort!",
        " /CANCEL ",
        "/ cancel",
        "\u200e/cancel\u200f",  # marks of direction, as phones put them in
        "\uff0f\uff43\uff41\uff4e\uff43\uff45\uff4c",  # wide, as keyboards for Chinese have it
        "cancel…",
        "*cancel*",
    ],
)
def test_a_whole_message_is_one_of_the_words_however_it_is_written(text):
    assert is_cancel_word(message(text))
    assert is_cancel_word(
        message("Stop it", kind=MessageKind.CHOICE, choice=Choice(text, "Stop it"))
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "cancel my order",
        "/cancel now",
        "please cancel",
        "cancelled",
        "cançel",
        "c\u0301ancel",
        "STOP",
        "/stop",
        "cancel" + " " * 40,
    ],
)
def test_anything_else_is_not(text):
    assert not is_cancel_word(message(text))


def test_what_is_passed_on_or_is_no_text_is_not():
    assert not is_cancel_word(message("/cancel", forwarded=True))
    assert not is_cancel_word(message("/cancel", kind=MessageKind.MEDIA))
    choice = Choice("keep", "cancel")
    assert not is_cancel_word(message("cancel", kind=MessageKind.CHOICE, choice=choice))
