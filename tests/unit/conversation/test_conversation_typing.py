"""Commands as people type them: what nobody sees and what phones make of signs does not count."""

import unicodedata
from datetime import UTC, datetime

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.conversation.commands.command import Command
from lib.conversation.commands.parse import parse_command
from lib.conversation.commands.table import NAMES
from lib.conversation.keywords import keyword
from lib.conversation.question import question_text
from lib.conversation.selection import find_assistants
from lib.model import Assistant, Choice, InboundMessage, MessageKind
from tests.cpu import cpu

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PYTHON = Assistant("python-expert", "Python Expert")
LAW = Assistant("contract_law", "Ann's Contract Law (beta)")
STAR = Assistant("9b2e", "✨")
EVERYONE = (LAW, PYTHON, STAR)
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u202a\u202e\u2066\u2069\ufeff\u00ad\u180e"
INVISIBLE += "\ufe0e\ufe0f\U000e0100\U000e0041\u034f\u115f\u3164\uffa0\u061c\u2800\x80\x9f"
DASHES = "-‐‑‒–—―−﹘﹣－"


def message(text, **fields):
    return InboundMessage("SM1", "+15550001111", NOW, text=text, **fields)


def parsed(text):
    return parse_command(message(text))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("\u200f/help", Command("help")),
        ("\u200b/help", Command("help")),
        ("\ufeff /\u2060he\u200dlp\ufe0f", Command("help")),
        ("/switch python-expert\u200e", Command("switch", "python-expert")),
        ("／help", Command("help")),
        ("/ｈｅｌｐ", Command("help")),
        ("　／ｌｉｓｔ　", Command("list")),
        ("/𝐡𝐞𝐥𝐩", Command("help")),
        ("/LİST", Command("list")),
        ("/SWİTCH x", Command("switch", "x")),
        ("/help.", Command("help")),
        ("/help。", Command("help")),
        ("/HELP!!! 🙏", Command("help", "")),
        ("/help?", Command("help")),
        ("/help…", Command("help")),
        ("/help@bot", Command("help")),
        ("/switch@my_bot python", Command("switch", "python")),
        ("/help, please", Command("help", "please")),
        ("/switch: python", Command("switch", "python")),
        ("/switch:python", Command("switch", ":python")),
        ("/switch“python”", Command("switch", "“python”")),
        ("/nonsense", Command("nonsense")),
        ("/nonsense!", Command("nonsense")),
        ("/помощь", Command("помощь")),
        ("/உதவி", Command("உதவி")),
        ("/ help", Command("help")),
    ],
)
def test_a_command_is_what_was_meant(text, command):
    found = parsed(text)
    assert found is not None
    assert found.name == command.name
    assert command.argument in {found.argument, ""}


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/ ",
        "//",
        "//help",
        "/3 of them",
        "/etc/hosts is empty, why?",
        "/home/ann/notes.txt",
        "/help/",
        "/list.txt is empty",
        "/?",
        "/-help",
        "/. what is this",
        "/\u200b",
        "/🙂",
        "/\u0661",
        "/℡ is a sign",
        "/ nonsense",
        "/foo@bar.com",
        "/*comment*/",
        "/_x",
        "1/help",
        "say /help",
        "",
    ],
)
def test_a_slash_that_begins_no_name_is_the_assistant_s(text):
    assert parsed(text) is None
    assert question_text(message(text)) == text


@given(st.sampled_from(sorted(NAMES)), st.data())
def test_a_command_decorated_with_anything_nobody_sees_is_the_command(name, data):
    noise = st.text(st.sampled_from(INVISIBLE), max_size=3)
    letters = [data.draw(noise) + letter for letter in f"/{name}"]
    assert parsed("".join(letters) + data.draw(noise)) == Command(NAMES[name])


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(["wide", "bold", "upper"]))
def test_a_command_in_other_letters_is_the_command(name, style):
    first = {"wide": 0xFF41, "bold": 0x1D41A, "upper": ord("A")}[style]
    assert parsed("／" + "".join(chr(first + ord(c) - ord("a")) for c in name)) == Command(
        NAMES[name]
    )


@given(st.sampled_from(sorted(NAMES)), st.text(st.characters(categories=["P", "S", "Cf"])))
def test_a_command_with_any_signs_behind_it_is_the_command(name, signs):
    assume("/" not in signs and "／" not in signs and "@" not in signs and "＠" not in signs)
    assume(not regex.search(r"[\w\s]", unicodedata.normalize("NFKC", signs)))
    found = parsed(f"/{name}{signs}")
    assert found is not None
    assert found.name == NAMES[name]


@given(st.characters(exclude_categories=["L", "M", "Z", "Cc", "Cf", "Cs"]), st.text())
def test_any_text_with_a_slash_and_no_letter_is_the_assistant_s_unchanged(sign, rest):
    assume(not regex.match(r"\p{Default_Ignorable_Code_Point}", sign))  # unseen, as if not there
    text = f"/{sign}{rest}"
    found = parsed(text)
    # Letters in rings and the like are signs to Unicode, and spell a command all the same.
    assert found is None or found.name in NAMES
    assert question_text(message(text)) == text


@given(st.text())
def test_any_text_is_a_command_or_the_assistant_s(text):
    found = parsed(text)
    assert found is None or found.name


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["a", "a-", "é", "@", "!", "a@", "/", " ", "\u200b", "中", "ﷺ", "a\n"]
)
def test_a_command_of_any_length_is_read_in_time(unit):
    text = "/a" + unit * (200_000 // len(unit))

    def read() -> None:
        parsed(text)
        parsed(text + "\x01/")
        find_assistants(text, EVERYONE)

    assert cpu(read, 3) < 3


@pytest.mark.parametrize(
    "wanted",
    [
        *(f"python{dash}expert" for dash in DASHES),
        *("“python-expert”", "‘python-expert’", "«python-expert»", "„python-expert“"),
        *('"python-expert"', "'python-expert'", "`python-expert`", "*python-expert*"),
        *("<python-expert>", "[python-expert]", "(python-expert)", "＜python－expert＞"),
        *("python-expert.", "python-expert!", "python-expert,", "<python–expert>."),
        *("Python Expert (python-expert)", "• Python Expert (python-expert)"),
        *("PYTHON  EXPERT", "python_expert", "python--expert", "ｐｙｔｈｏｎ-ｅｘｐｅｒｔ"),
        *("python\u200b-expert", "Python Expert (python–expert).", "my expert (python-expert)"),
        *(
            "python\u00adexpert",
            "pythonexpert",
            "#python-expert",
            "Expert ( python–expert ) please",
        ),
        *("pyt", "“pyt”", "<pyt>", "python–e"),
    ],
)
def test_an_assistant_is_found_however_it_is_typed(wanted):
    assert find_assistants(wanted, EVERYONE) == [PYTHON]


@pytest.mark.parametrize(
    "wanted",
    [
        *("Ann’s Contract Law (beta)", "ann's contract law", "contract-law", "contract law"),
        *("Ann’s Contract Law (beta) (contract_law)", "anns contract law (beta) (contract_law)"),
    ],
)
def test_a_name_with_signs_of_its_own_is_found(wanted):
    assert find_assistants(wanted, EVERYONE) == [LAW]


def test_a_name_without_a_letter_is_found_as_it_stands():
    assert find_assistants("✨", EVERYONE) == [STAR]
    assert find_assistants("✨ (9b2e)", EVERYONE) == [STAR]


@pytest.mark.parametrize("wanted", ["“”", "<>", "...", "–", "()", "x (y)", "", "\u200b"])
def test_signs_alone_name_nobody(wanted):
    assert find_assistants(wanted, EVERYONE) == []


def test_several_lines_of_the_list_are_several_assistants():
    wanted = "• Python Expert (python-expert)\n• Ann's Contract Law (beta) (contract_law)"
    assert find_assistants(wanted, EVERYONE) == [LAW, PYTHON]


def test_an_exact_id_wins_over_one_that_differs_in_a_sign():
    dash, bar = Assistant("a-b", "One"), Assistant("a_b", "Two")
    assert find_assistants("a-b", (dash, bar)) == [dash]
    assert find_assistants("a–b", (dash, bar)) == [dash]
    assert find_assistants("a_b", (dash, bar)) == [bar]
    assert find_assistants("a b", (dash, bar)) == [dash, bar]


@given(st.text(max_size=50))
def test_any_argument_finds_some_or_nobody(wanted):
    assert set(map(id, find_assistants(wanted, EVERYONE))) <= set(map(id, EVERYONE))


STOPS = ["STOP", "StopAll", "unsubscribe", "End", "quit", "REVOKE", "optout", "Cancel"]


@pytest.mark.parametrize("word", STOPS)
@pytest.mark.parametrize(
    "form", ["{}", " {} ", "{}.", "“{}!”", "\u200f{}\ufeff", "*{}*", "{}\n", "{} 🙏", "¡{}!"]
)
def test_a_word_of_the_list_as_the_whole_message_stops(word, form):
    for case in (word, word.upper(), word.lower()):
        assert keyword(message(form.format(case))) == "stop"
        assert parsed(form.format(case)) == Command("stop")


@pytest.mark.parametrize(
    "text", ["Stop all", "opt out", "OPT-OUT", "ＳＴＯＰ", "s.t.o.p", "🛑 stop"]
)
def test_blanks_and_signs_within_a_word_do_not_count(text):
    assert keyword(message(text)) == "stop"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(("START", "start"), ("unstop", "start"), ("Start!", "start"), ("help", "help")),
        *((said, "") for said in ("YES", "info", "stop please", "don't stop", "the end")),
        *(
            (said, "")
            for said in ("", "🛑", "?", "/-stop", "stop\nstop", "cancel my order", "стоп")
        ),
        ("stop" + " " * 200, ""),
    ],
)
def test_other_words_are_what_they_are(text, word):
    assert keyword(message(text)) == word


def test_a_word_that_is_not_the_person_s_own_or_not_all_is_no_keyword():
    assert keyword(message("STOP", forwarded=True)) == ""
    for kind in MessageKind:
        whole = kind in {MessageKind.TEXT, MessageKind.CHOICE}
        assert keyword(message("STOP", kind=kind)) == ("stop" if whole else "")


def test_a_tap_is_its_id():
    tapped = {"kind": MessageKind.CHOICE, "text": "Cancel"}
    assert keyword(message(choice=Choice("order_17_cancel", "Cancel"), **tapped)) == ""
    assert keyword(message(choice=Choice("STOP", "No more"), **tapped)) == "stop"
