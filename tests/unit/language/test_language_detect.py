"""Detecting a language: on lines that nobody looked at while the rules were made."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from lib.language.detect import detected
from tests.processes import ROOT

MODEL = ROOT / "lib/language/lid.176.ftz"
LINES = tomllib.loads(Path(__file__).with_name("chat_lines.toml").read_text(encoding="utf-8"))
NEUTRAL = LINES.pop("none")
AT_HOME = {"hi": ("hi", "en")}
SURE, SURE_OF_SEVERAL = 0.9, 0.8


def found(*texts, at_home=(), least=SURE):
    return detected(texts, at_home, least)


@pytest.mark.parametrize(("least", "wrong"), [(SURE, 1), (SURE_OF_SEVERAL, 3)])
def test_of_a_hundred_lines_most_are_right_and_hardly_any_wrong(least, wrong):
    told = [
        (code, found(line, at_home=AT_HOME.get(code, (code,)), least=least))
        for code, lines in LINES.items()
        for line in lines
    ]
    assert len(told) >= 100
    assert sum(code == language for code, language in told) >= 0.85 * len(told)
    assert sum(language not in {code, ""} for code, language in told) <= wrong


def test_a_number_from_elsewhere_takes_nobodys_language():
    told = [(code, found(line)) for code, lines in LINES.items() for line in lines]
    assert sum(code == language for code, language in told) >= 0.75 * len(told)
    assert sum(language not in {code, ""} for code, language in told) <= 3


@pytest.mark.parametrize("line", NEUTRAL)
@pytest.mark.parametrize("at_home", [(), ("de",), ("en", "es"), ("pt",), ("ja",)])
def test_what_says_nothing_of_a_language_is_no_sign(line, at_home):
    assert not found(line, at_home=at_home)
    assert not found(line, at_home=at_home, least=SURE_OF_SEVERAL)


@pytest.mark.parametrize("code", LINES)
def test_three_lines_together_are_a_clear_sign(code):
    lines = LINES[code]
    together = [found(*lines[at : at + 3], at_home=(code,), least=0.8) for at in (0, 3, 6)]
    # Norwegian and Danish are hard to tell apart: there silence is the better answer.
    assert together.count(code) >= (1 if code in {"da", "no"} else 2)
    assert {*together} <= {code, ""}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PDFを開けますか", "ja"),  # Chinese signs and syllables
        ("Python 是什么", "zh"),
        ("what does 你好 mean in english, please tell me", "en"),
        ("कृपया email भेजें", "hi"),
        ("شكرا ok", "ar"),
        ("好", ""),
        ("گزارش چیست", ""),  # Persian
    ],
)
def test_letters_tell_where_they_are_most_of_a_text(text, code):
    assert found(text, at_home=("en",)) == code


def test_signs_without_syllables_are_japanese_where_that_is_spoken():
    assert found("了解", at_home=("ja",)) == "ja"
    assert found("了解", at_home=("zh",)) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 wo ist denn bitte mein paket geblieben",
        "wo ist denn bitte\nmein paket geblieben\r\n\x00",
        "wo ist denn bitte mein paket geblieben " + "\U0001f600" * 5000,
        "wo ist denn bitte mein paket geblieben https://example.com/" + "the-order/" * 500,
        (
            "[Reply to your message: “All orders are sent within two working days”]\n"
            "wo ist denn bitte mein paket geblieben"
        ),
        "wo ist denn bitte mein paket geblieben\n\n[Document “terms.pdf”]\n```\n"
        + "These are the terms of the shop. " * 9
        + "\n```",
    ],
)
def test_nothing_hides_the_words_of_a_person(text):
    assert found(text) == "de"


def test_the_model_is_the_one_that_its_notice_names():
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert f"`{digest}`" in MODEL.with_name("NOTICE.md").read_text()
