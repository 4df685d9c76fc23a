"""The words that overtake: which messages are one, however they are written."""

from datetime import UTC, datetime

import pytest

from lib.cancel_words import is_cancel_word, overtakes
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


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "STOP"},
        {"text": "Arrêtez!", "opt_out": "stop"},
        {"text": "", "choice": Choice("broadcast-stop", "No more")},
        {"text": "", "choice": Choice("0b1f", "Stop promotions")},
        {"text": "", "choice": Choice("Parar promoções", "Parar promoções")},
        {"text": "", "choice": Choice("0b1f", "ОСТАНОВИТЬ РЕКЛАМУ")},
    ],
)
def test_every_way_to_opt_out_overtakes(fields):
    kind = MessageKind.CHOICE if "choice" in fields else MessageKind.TEXT
    sent = message(kind=kind, **fields)
    assert overtakes(sent)
    assert not is_cancel_word(sent)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Hello", "opt_out": "start"},
        {"text": "info", "opt_out": "help"},
        {"text": "", "choice": Choice("keep", "Keep promotions")},
    ],
)
def test_what_opts_nobody_out_waits_its_turn(fields):
    kind = MessageKind.CHOICE if "choice" in fields else MessageKind.TEXT
    assert not overtakes(message(kind=kind, **fields))


def test_what_the_provider_took_for_an_opting_out_is_no_cancel():
    assert is_cancel_word(message("CANCEL"))
    assert not is_cancel_word(message("CANCEL", opt_out="stop"))
