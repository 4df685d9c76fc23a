"""The words of commands and the names of languages, in all languages together."""

import re
import tomllib
from collections import defaultdict
from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from lib.cancel_words import WORDS as CANCEL_WORDS
from lib.cancel_words import is_cancel_word, overtakes
from lib.conversation.commands.parse import parse_command
from lib.conversation.commands.table import COMMANDS, NAMES
from lib.conversation.erasure import is_erasure
from lib.conversation.heard import _MEANINGS as ANSWERS
from lib.conversation.keywords import _COMMANDS as KEYWORDS
from lib.conversation.keywords import _ENGLISH, _OTHERS
from lib.conversation.spelling import letters
from lib.language.names import OWN, _all, _letters, code_of
from lib.model import InboundMessage
from operations.languages import english
from tests.processes import ROOT

WORDS = tomllib.loads((ROOT / "lib/language/commands.toml").read_text(encoding="utf-8"))
# What stands on buttons by which people opt out: several words, which nobody types.
LABELS = frozenset(map(letters, ["broadcast stop", "stop promotions", "parar promoções"]))
LABELS |= {letters("остановить рекламу")}
OTHERS = ("es", "pt", "fr", "de", "it", "da", "no", "ar", "hi", "zh", "ja")
ALL = [
    (name, word)
    for name, languages in WORDS.items()
    for words in languages.values()
    for word in words
]


def parsed(text):
    return parse_command(InboundMessage("SM1", "+15550001111", datetime.now(UTC), text=text))


def commanded(text):
    found = parsed(text)
    return found and found.name


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_each_command_has_words_in_every_language(entry):
    assert set(WORDS[entry.name]) == set(OTHERS)
    assert all(WORDS[entry.name].values())


def test_a_word_means_one_command():
    meanings = defaultdict(set)
    for name, word in ALL:
        bare = "".join(one for one in normalize("NFD", word) if not "\u0300" <= one <= "\u036f")
        for spelt in (word, bare):
            meanings[normalize("NFKC", spelt).casefold()].add(name)
    for word, name in NAMES.items():
        meanings[word].add(name)
    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize(("name", "word"), [one for one in ALL if one[0] in NAMES])
def test_each_word_is_understood_however_it_is_typed(name, word):
    bare = "".join(one for one in normalize("NFD", word) if not "\u0300" <= one <= "\u036f")
    for typed in (word, word.upper(), bare, normalize("NFD", word), f"\u200f{word}!"):
        assert commanded(f"/{typed}") == name, typed


def test_a_stop_in_any_language_overtakes_what_it_stops():
    words = [word for table in (_ENGLISH, _OTHERS) for word in table["stop"]]
    typed = [word for word in words if letters(word) not in LABELS]
    assert len(typed) > 30
    for word in typed:
        said = InboundMessage("SM1", "+15550001111", datetime.now(UTC), text=word)
        assert overtakes(said), word


def test_what_is_a_command_by_itself_is_one_behind_a_slash():
    english_ones = {"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"}
    english_ones |= {"start", "unstop", "help"}
    for word, name in KEYWORDS.items():
        # What people say to get a human is several words, which are none behind a slash.
        is_word = name not in {"human", "bot"} and word not in LABELS
        if is_word and word not in english_ones and word not in CANCEL_WORDS:
            assert commanded(f"/{word}") == name, word
        assert commanded(word) == name


@pytest.mark.parametrize("code", OTHERS)
def test_who_types_what_stands_on_a_button_is_understood(code):
    said = tomllib.loads((ROOT / f"lib/language/{code}.toml").read_text(encoding="utf-8"))
    assert ANSWERS[letters(said["yes"])] is True
    assert ANSWERS[letters(said["no"])] is False


@pytest.mark.parametrize("code", OTHERS)
def test_who_says_yes_to_being_forgotten_is_understood(code):
    said = tomllib.loads((ROOT / f"lib/language/{code}.toml").read_text(encoding="utf-8"))
    for word in ("forget", *WORDS["forget"][code]):
        for typed in (said["yes"], said["yes"].upper(), f"{said['yes']}!", "yes"):
            assert is_erasure(parsed(f"/{word} {typed}")), (word, typed)
        for typed in ("", said["no"], "ok", f"{said['yes']} {said['no']}", f"/{word}"):
            assert not is_erasure(parsed(f"/{word} {typed}")), (word, typed)
    assert not is_erasure(parsed(f"/help {said['yes']}"))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        *(("quiero hablar con un agente", "human"), ("Je veux parler à un conseiller.", "human")),
        *(("Mit einem Menschen sprechen!", "human"), ("转人工", "human")),
        *(("zurück zum Bot", "bot"), ("アシスタントに戻る", "bot")),
        *(("BAJA", "stop"), ("parar", "stop"), ("Arrêt!", "stop"), ("退订", "stop")),
        *(("停止", "stop"), ("إيقاف", "stop"), ("रोकें", "stop"), ("ALTA", "start")),
        *(("再開", "start"), ("Hilfe", "help"), ("¡ayuda!", "help"), ("帮助", "help")),
    ],
)
def test_whole_messages_in_any_language_are_keywords(word, name):
    assert commanded(word) == name
    assert commanded(f"{word} {word}") is None


def test_the_words_that_overtake_are_those_of_cancelling():
    words = [word for words in WORDS["cancel"].values() for word in words]
    for word in (*words, "cancel", "abort"):
        for text in (word, f"/{word}", f"/{word.upper()}!"):
            message = InboundMessage("SM1", "+15550001111", datetime.now(UTC), text=text)
            assert is_cancel_word(message), text
    assert len(CANCEL_WORDS) == len({*words, "cancel", "abort"})


@pytest.mark.parametrize("code", ["en", *OTHERS])
@pytest.mark.parametrize(("key", "name"), [("opted_out", "start"), ("opted_in", "stop")])
def test_the_word_that_a_sentence_asks_for_is_understood(code, key, name):
    file = ROOT / f"lib/language/{code}.toml"
    said = english()[key] if code == "en" else tomllib.loads(file.read_text("utf-8"))[key]
    (word,) = re.findall(r"[“「«]([^”」»]+)[”」»]|\b([A-ZÅÆØ]{4,})\b", said)
    assert commanded("".join(word)) == name


def test_a_name_means_one_language():
    meanings = defaultdict(set)
    for code, names in _all():
        for name in names:
            meanings[_letters(name)].add(code)
            meanings[_letters(name + code)].add(code)
    assert {name: codes for name, codes in meanings.items() if len(codes) > 1} == {}
    assert "" not in meanings


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        *((name, code) for code, name in OWN.items()),
        *((code, code) for code in OWN),
        # As it stands in the list that is answered, and in Arabic's.
        *((f"{name} ({code})", code) for code, name in OWN.items()),
        *((f"• \u2068{name} ({code})\u2069", code) for code, name in OWN.items()),
        *(("de.", "de"), ("«nb-NO»", "no"), ("*ja*", "ja"), ("Deutsch (en)", ""), ("...", "")),
        *(("GERMAN", "de"), ("Alemán", "de"), ("aleman", "de"), ("ドイツ語", "de"), ("德语", "de")),
        *(("castellano", "es"), ("pt-BR", "pt"), ("nb", "no"), ("bokmål", "no"), ("zh-Hans", "zh")),
        *(("auto", "auto"), ("Automático", "auto"), ("自动", "auto"), ("German!", "de")),
        *(
            ("klingon", ""),
            ("", ""),
            ("?", ""),
            ("d", ""),
            ("nl", ""),
            ("deu", ""),
            ("de" * 99, ""),
        ),
    ],
)
def test_a_language_has_names_in_all_of_them(wanted, code):
    assert code_of(wanted) == code
