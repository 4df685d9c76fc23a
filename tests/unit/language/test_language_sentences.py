"""The files of languages: each sentence of ours stands in each of them, and fits."""

import ast
import string
import tomllib
from collections import Counter
from importlib import import_module

import pytest

from lib.reply.phrase import Phrase
from operations.languages import SHEET, english, phrases, sheet
from tests.processes import ROOT

OTHERS = ("es", "pt", "fr", "de", "it", "da", "no", "ar", "hi", "zh", "ja")
MODULES = sorted(path.stem for path in (ROOT / "lib/reply").glob("*texts.py"))
# HTML's texts are no sentences of ours.
MODULES.remove("html_texts")

# What reads the same in English, and is meant to.
SAME = {
    "es": {"no"},
    "fr": {"so_many", "minutes"},
    "it": {"no", "known_account"},
    "de": {"answered_by", "so_many"},
    "da": {"answered_by", "so_many"},
    "no": {"answered_by", "so_many"},
}
# In UTF-16 units; Twilio, "twilio/list-picker".
LONGEST = {
    "menu_choose": 20,
    "forget_tap": 20,
    "menu_more": 24,
    "menu_automatic": 24,
    "menu_other_commands": 72,
    "menu_other_assistants": 72,
    "menu_other_languages": 72,
}
MOST_OF_A_HELP_LINE = 72
MOST_OF_A_SENTENCE = 400


def sentences(code):
    return tomllib.loads((ROOT / f"lib/language/{code}.toml").read_text(encoding="utf-8"))


def units(text):
    return len(text.encode("utf-16-le")) // 2


def placeholders(form):
    return Counter(name for _, name, _, _ in string.Formatter().parse(form) if name is not None)


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_missing_and_none_is_too_many(code):
    known = sentences(code)
    assert {*english(), "decimal_mark"} == set(known)
    assert all(isinstance(said, str) and said == said.strip() and said for said in known.values())


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_put_in_is_the_same_everywhere(code):
    known = sentences(code)
    for key, form in english().items():
        assert placeholders(known[key]) == placeholders(form), key


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    known = sentences(code)
    same = {key for key, form in english().items() if known[key] == form}
    assert same <= SAME.get(code, set())


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_sentences_have_the_form_of_their_kind(code):
    known = english() if code == "en" else sentences(code)
    for key, said in known.items():
        assert all(said.count(mark) % 2 == 0 for mark in "*_~`"), key
        assert said.count("(") + said.count("（") == said.count(")") + said.count("）"), key
        assert "\n" not in said, key
        assert units(said) <= LONGEST.get(key, MOST_OF_A_SENTENCE), key
        # Marks of direction are put in when a sentence is said.
        assert not any(0x2066 <= ord(one) <= 0x2069 or ord(one) in {0x200E, 0x200F} for one in said)


@pytest.mark.parametrize("code", OTHERS)
def test_commands_are_named_as_they_are_in_english(code):
    known = sentences(code)
    for key, form in english().items():
        commands = [word.strip(".,;)") for word in form.split() if word.startswith("/")]
        assert all(command in known[key] for command in commands), key
        if key.startswith("help_") and form.startswith("/"):
            name, _, about = known[key].partition(" - ")
            assert name.startswith(commands[0])
            assert 0 < units(about) <= MOST_OF_A_HELP_LINE
        # A sign before a sentence is the same in all of them.
        if not form[0].isascii():
            assert known[key][0] == form[0], key


@pytest.mark.parametrize("name", MODULES)
def test_all_that_modules_of_sentences_hold_are_phrases(name):
    """A sentence that is no phrase would be said in English to everybody."""
    for constant, value in vars(import_module(f"lib.reply.{name}")).items():
        if constant.isupper() or constant.strip("_").isupper():
            held = value.values() if isinstance(value, dict) else [value]
            held = value if isinstance(value, tuple) else held
            assert all(isinstance(one, Phrase) for one in held if isinstance(one, str)), constant


@pytest.mark.parametrize("name", MODULES)
def test_all_that_modules_of_sentences_say_are_phrases(name):
    tree = ast.parse((ROOT / f"lib/reply/{name}.py").read_text())
    for function in (one for one in tree.body if isinstance(one, ast.FunctionDef)):
        # Names and words of others, and numbers.
        if function.name not in {"quoted", "_label", "_amount"}:
            assert "Phrase" in ast.unparse(function.returns), function.name


def test_a_key_is_of_one_sentence():
    known = {}
    for phrase in phrases():
        assert known.setdefault(phrase.key, phrase.form) == phrase.form


def test_the_sheet_for_native_readers_is_current():
    """``make languages`` draws it."""
    assert SHEET.read_text(encoding="utf-8") == sheet()
