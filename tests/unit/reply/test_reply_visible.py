"""What cannot be seen never reaches a phone, and what a script or an emoji needs stays."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.reply import unseen, visible
from lib.reply.visible import clean
from tests.cpu import cpu


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ok \u001b[32mgreen\u001b[0m\u0007", "ok green"),
        ("\u001b[1;38;5;208mbold\u001b[m", "bold"),
        ("\u009b31mred\u009b0m", "red"),
        ("\u001b]8;;https://evil.example\u001b\\here\u001b]8;;\u001b\\", "here"),
        ("\u001b]0;title\u0007text", "text"),
        ("\u001b(Btext\u001b=", "text"),
        ("\u001b]no end", "no end"),
        ("a\u001b", "a"),
        ("a\u0000b\u0008c\u007fd\u0080e", "abcde"),
        ("one\r\ntwo\rthree\u0085four\u2028five\u2029six", "one\ntwo\nthree\nfour\nfive\n\nsix"),
        ("one\vtwo\fthree\tfour", "one\ntwo\nthree\tfour"),
        ("https://bank.example/\u202egro.live", "https://bank.example/gro.live"),
        ("a\u202ab\u202bc\u202cd\u202de\u2066f\u2067g\u2068h\u2069i", "abcdefghi"),
        ("zero\u200bwidth\u2060word\ufeffs", "zerowidthwords"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\u200db \u200c\u200d c", "ab  c"),
        ("a\u200e\u200fb\u061c", "ab"),
        ("hid\U000e0068\U000e0069den", "hidden"),
        ("d\ufe01a\ufe0ft\U000e0100a", "data"),
        ("👍\U000e0100\U000e0101\U000e0102", "👍"),
        ("f\u2061(x)\u2062y\u206a\ufff9z", "f(x)yz"),
        ("a\u3164b\uffa0c", "a b c"),
        ("a\uffffb\ufdd0c", "abc"),
        ("e\u034fx", "ex"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(said, shown):
    assert clean(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "می\u200cخواهم و خانه\u200cها",  # Persian plurals and verbs
        "ه\u200d",  # a letter in the form of a beginning
        "क्\u200dष और क्\u200cष",  # Hindi conjuncts
        "ශ්\u200dරී ලංකා",  # Sinhala
        "ന്\u200d",  # Malayalam chillu
        "👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👩🏽\u200d💻 ❤️\u200d🔥",
        "1️⃣ #️⃣ ❤️ ☺︎ ™️ ©️",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "葛\U000e0100飾区、﨟\ufe00",
        "≨\ufe00 and 。\ufe00",
        "ភាសា\u200bខ្មែរ และ ภาษา\u200bไทย",
        "שלום\u200f! (مرحبا\u200e) \u061cعربي",
        "ᠮᠣᠩ\u180bᠭᠣᠯ ᠪ\u180eᠠ",
        "ᅟᅡᆨ",
        "\u0600١٢ \u06dd١",
        "Caf\u00e9 cafe\u0301 naïve — “quotes” …",
        "日本語　全角",
        "⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙",
        "\ue000 and \U000f0000",
        "a\tb\nc\n\nd",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(said):
    assert clean(said) == said


NOTHING = [
    "",
    " \n\t",
    "\u200b\u200b",
    "\u3164",
    "\u2800\u2800",
    "\u00ad",
    "\u200e\u200f",
    "\ufeff",
]
NOTHING += ["\u115f\u1160", "\uffa0\n\u3164", "\ufe0f", "\u2060\u200d", "\x1b[32m\x1b[0m", "\x07"]
NOTHING += ["\U000e0041\U000e0042", "\u180e", "\u034f", "\u17b4", "\ufffc", "\U0001d159", "\uffff"]
NOTHING += ["\u00a0\u3000", "\u2028\u2029", "\u206f", "\U000e0fff"]


@pytest.mark.parametrize("said", NOTHING)
def test_a_text_of_which_nothing_can_be_seen_is_none(said):
    assert clean(said) == ""


HARMFUL = "\u001b\u0007\u0000\u009b\u202e\u2066\u2069\u00ad\ufeff\u2060\U000e0041\u206a"
CHARACTERS = (
    HARMFUL + "\u200b\u200c\u200d\u200e\u200f\ufe0f\u3164\u115f\U000e0100 \n1#[]mab;ا北क्ก👍👩"
)


@given(st.text(st.sampled_from(CHARACTERS), max_size=30))
def test_nothing_unseen_is_left_and_nothing_seen_is_lost(said):
    shown = clean(said)
    assert not set(shown) & set(HARMFUL)
    assert clean(shown) == shown
    if "\u001b" not in said and "\u009b" not in said and shown:
        seen = [one for one in said if unicodedata.category(one) not in {"Cc", "Cf", "Mn"}]
        left = [one for one in shown if unicodedata.category(one) not in {"Cc", "Cf", "Mn"}]
        unseen = {"\u3164": " ", "\u115f": ""}
        assert "".join(unseen.get(one, one) for one in seen) == "".join(left).replace("\u115f", "")


@given(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u3164\uffa0"))
)
def test_letters_and_signs_pass_as_they_are(said):
    if said.strip("\u115f\u1160\u2800\ufffc\U0001d159").strip():
        assert clean(said).replace("\u115f", "") == said.replace("\u115f", "").replace("\u1160", "")


UNITS = ["\u200b", "a\u200b", "\u200f", "\u200fא", "\u001b]a", "ก\u200b", "\u0000", "🏴\U000e0067"]


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_longest_answer_is_cleaned_in_a_moment(unit):
    said = unit * (100_000 // len(unit))
    assert cpu(lambda: clean(said), 1.5) < 1.5


def test_the_quick_look_misses_nothing():
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    found = "".join(match[0] for match in unseen._UNSEEN.finditer(everything))
    assert len(found) > 4000
    assert [one for one in found if not visible._SUSPECT.search(f"a{one}b")] == []
    # Of a sample, what the quick look passes is what the rules pass.
    for one in everything[::97]:
        assert clean(f"a{one}b") == unseen.cleaned(f"a{one}b")


@pytest.mark.parametrize("said", ["**short** 👍 ❤️ 👩\u200d💻", "Äpfel", "日本語", "привет", "שלום"])
def test_a_usual_text_needs_no_second_look(said):
    code = (
        "import sys\n"
        "from lib.reply.visible import clean\n"
        f"assert clean({said!r}) == {said!r}\n"
        "assert 'regex' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
