"""What looks unfinished: more is likely to follow it at once."""

from datetime import UTC, datetime

import pytest

from lib.conversation.joining import looks_unfinished
from lib.model import InboundMessage, Media

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
PICTURE = Media("https://api.example/1", "image/png")

UNFINISHED = [
    *("hi", "Hello", "can you", "so I wanted to ask", "yes", "2", "see https://example.com"),
    *("Dear Sir,", "first:", "because of (you know)", "*bold*", "\u200bhi\u200b", "x" * 39),
    *("你好", "私は", "안녕", "สวัสดี", "привет", "γεια", "שלום", "مرحبا", "नमस्ते", "list;", ";"),
]
FINISHED = [
    *("Hi!", "Really?", "I see.", "wait…", "wait...", "“Yes.”", "(Really?)", "*Done!*", "_why?_"),
    *(
        "你好。",
        "什么？",
        "はい！",
        "ما هذا؟",
        "ٹھیک ہے۔",
        "नमस्ते।",
        "τι κάνεις;",
        "τι\u037e",
        "այո։",
    ),
    *(
        "ok 👍",
        "👍",
        "👍🏽",
        "❤️",
        "🇩🇪",
        "1️⃣",
        "👨‍👩‍👧",
        "🏴\U000e0067\U000e007f",
        "Hi!\u200b",
        "Hi! ",
    ),
    *("x" * 40, "What is the weather like in Copenhagen now", "你" * 20, "!", "?"),
]


def message(text, **fields):
    return InboundMessage("SM1", "+15550001111", NOW, text=text, **fields)


@pytest.mark.parametrize("text", UNFINISHED)
def test_a_few_words_without_an_end_look_unfinished(text):
    assert looks_unfinished(message(text))


@pytest.mark.parametrize("text", FINISHED)
def test_a_sign_that_ends_a_sentence_an_emoji_or_many_words_look_finished(text):
    assert not looks_unfinished(message(text))


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_a_picture_without_words_looks_unfinished_and_nothing_at_all_does_not(text):
    assert looks_unfinished(message(text, media=(PICTURE,)))
    assert not looks_unfinished(message(text))


def test_a_picture_with_words_is_as_finished_as_its_words():
    assert looks_unfinished(message("my cat", media=(PICTURE,)))
    assert not looks_unfinished(message("Is this a cat?", media=(PICTURE,)))
