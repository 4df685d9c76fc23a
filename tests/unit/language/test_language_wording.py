"""How a phrase is said: values in their places, and marks of direction where they are needed."""

import pytest

from lib.language import files
from lib.language.wording import worded
from lib.model import Assistant, TokenUsage
from lib.reply import access_texts, budget_texts, command_texts, forget_texts, texts
from lib.reply.chunks import split
from lib.reply.phrase import Phrase, joined, lines
from operations.languages import phrases

MARK, ISOLATE, END = "\u200f", "\u2068", "\u2069"
SPOOF = "Bot\u202e\u2066 evil\u200f"


def balanced(line):
    depth = 0
    for one in line:
        depth += (one == ISOLATE) - (one == END)
        assert depth in {0, 1}
    return depth == 0


def test_a_phrase_is_its_english_text():
    phrase = Phrase("greeting", "Hello, {name}!").with_values(name="Ann")
    assert phrase == "Hello, Ann!"
    assert {phrase: 1}["Hello, Ann!"] == 1
    assert lines(phrase, "", "Bye {all}") == "Hello, Ann!\n\nBye {all}"
    assert type(worded(phrase, "en")) is str


def test_words_that_are_no_phrase_are_said_as_they_are():
    assert worded(f"plain{MARK}", "de") == f"plain{MARK}"


def test_phrases_within_phrases_are_translated():
    states = {command_texts.PART_READ: 2, command_texts.PART_SENT: 1}
    told = lines(command_texts.parts(states), command_texts.took(3.14), command_texts.took(12.3))
    assert told == "• Parts: 3 (2 read, 1 sent)\n• Time: 3.1 seconds\n• Time: 12 seconds"
    assert worded(told, "de") == (
        "• Teile: 3 (2 gelesen, 1 gesendet)\n• Dauer: 3,1 Sekunden\n• Dauer: 12 Sekunden"
    )
    assert worded(told, "ja") == (
        "• 分割数：3（既読 2, 送信済み 1）\n• 所要時間：3.1秒\n• 所要時間：12秒"
    )
    tokens = command_texts.tokens(TokenUsage(7, 9))
    assert worded(tokens, "es") == "• Tókenes: 7 leídos, 9 escritos"


@pytest.mark.parametrize(
    ("millionths", "said", "german"),
    [
        *((0, "0.00", "0,00"), (1, "0.000001", "0,000001"), (12_300, "0.0123", "0,0123")),
        *((500_000, "0.50", "0,50"), (12_000_000, "12.00", "12,00")),
    ],
)
def test_an_amount_has_cents_and_as_many_digits_as_say_something(millionths, said, german):
    assert budget_texts.cost(millionths) == f"• Cost: {said}"
    assert worded(budget_texts.cost(millionths), "de") == f"• Kosten: {german}"


def test_a_budget_is_told_with_what_is_left_and_its_hour():
    told = budget_texts.nearly_used(83, 4)
    assert told == (
        "Used of what you may ask today: 83 %. Questions left: 4. It begins anew at 00:00 UTC."
    )
    assert worded(told, "fr") == (
        "Utilisé de ce que vous pouvez demander aujourd'hui : 83 %. Questions restantes : 4. "
        "Le compte repart à 00:00 UTC."
    )
    assert budget_texts.nearly_used(83, None) == (
        "Used of what you may ask today: 83 %. It begins anew at 00:00 UTC."
    )
    assert f"{ISOLATE}00:00 UTC{END}" in worded(budget_texts.USED_UP, "ar")
    left = budget_texts.budget_left(1_500_000, 85)
    assert left == "• Budget left today: 1.50 (used: 85 %)"
    assert worded(left, "da") == "• Budget tilbage i dag: 1,50 (brugt: 85 %)"


def test_braces_of_others_are_theirs():
    said = texts.unknown_assistant("{hint} {0} {", [])
    assert worded(said, "fr").startswith("❌ Je ne connais pas d'assistant nommé « {hint} {0} { ».")


def test_arabic_lines_run_from_right_to_left_and_names_do_not():
    said = texts.switch_without_argument([Assistant("guide", "Guide"), Assistant("x", "مرشد")])
    assert worded(said, "ar") == (
        f"{MARK}أي مساعد؟ أرسل {ISOLATE}/switch{END} ثم المعرّف.\n\n"
        f"{MARK}📋 المساعدون المتاحون:\n"
        f"{MARK}• {ISOLATE}Guide (guide){END}\n"
        f"{MARK}• {ISOLATE}مرشد (x){END}"
    )


def test_a_command_and_its_word_are_read_as_one():
    assert f" {ISOLATE}/voice on{END} " in worded(command_texts.VOICE_WAYS, "ar")
    assert worded(command_texts.VOICE, "ar").startswith(
        f"{MARK}{ISOLATE}/voice on|off|auto{END} - "
    )
    assert worded(command_texts.RATE, "ar").startswith(f"{MARK}{ISOLATE}/rate 1-5{END} - ")
    assert worded(command_texts.SWITCH, "ar").startswith(f"{MARK}{ISOLATE}/switch{END} معرّف")
    assert f" {ISOLATE}/forget yes{END} " in worded(forget_texts.HOW_TO_FORGET, "ar")
    assert worded(access_texts.HOW_TO_LOG_IN, "ar").endswith(f" {ISOLATE}/login K7QF-3M9X{END}")


def test_marks_of_others_do_not_reach_a_line():
    known = [Assistant("a", SPOOF, f"Line one{END}\nLine two{ISOLATE}"), Assistant("b", "B")]
    for said in (texts.available(known), texts.current(known[0])):
        assert "\u202e" not in worded(said, "ar")
        assert all(map(balanced, worded(said, "ar").split("\n")))
        assert not {MARK, ISOLATE, END, "\u202e"} & {*worded(said, "de")}


@pytest.mark.parametrize("phrase", list(phrases()), ids=lambda phrase: phrase.key)
def test_every_arabic_sentence_is_marked_and_balanced(phrase):
    filled = phrase.with_values(**dict.fromkeys(_names(phrase), "x1"))
    said = worded(filled, "ar")
    assert said.startswith(MARK)
    assert all(map(balanced, said.split("\n")))
    assert f"{ISOLATE}x1{END}" in said or not _names(phrase)


def _names(phrase):
    return [part.split("}")[0] for part in phrase.form.split("{")[1:]]


def test_a_long_list_is_cut_nowhere_within_a_name():
    many = [Assistant(f"a{n:03}", f"Assistant number {n}") for n in range(200)]
    parts = split(worded(texts.available(many), "ar"))
    assert len(parts) > 3
    for part in parts:
        assert all(line.startswith(MARK) and balanced(line) for line in part.split("\n"))


def test_a_file_that_cannot_be_read_leaves_people_with_english(caplog):
    # As a process without descriptors left finds it: what it has read by then stays known.
    files._read.cache_clear()
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        assert worded(texts.NOTHING_RUNNING, "it") == "Nothing was running."
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "language not readable" in caplog.text
    assert worded(texts.NOTHING_RUNNING, "it") == "Non c'era niente in corso."


def test_joined_takes_what_stands_between():
    assert joined(", ", "a", "b") == "a, b"
    assert joined(", ") == ""
