"""What the cut must not show, must not lose, and how long it may take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.assistant.thinking import separate
from tests.cpu import cpu

TAGS = ["thinking", "antThinking", "reflection", "think", "thought"]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("case", [str, str.upper, str.lower, str.title])
def test_every_tag_in_any_case_is_cut_out(tag, case):
    assert separate(f"a <{case(tag)}>hm</{tag}>b") == ("a b", "hm")


@pytest.mark.parametrize("said", ["<think>the ` sign</think>`x`", "<think>```py\nx</think>`x`"])
def test_code_begun_in_thinking_does_not_swallow_its_end(said):
    assert separate(said)[0] == "`x`"


def test_thinking_may_talk_about_its_own_tag():
    said = "<think>I stop with `</think>` soon</think>Done"
    assert separate(said) == ("Done", "I stop with `</think>` soon")


@pytest.mark.parametrize(
    "code",
    [
        "``a ` <think> b``",
        "~~~\n<think>\n~~~",
        "````md\n```\n<think>\n```\n````",
        "- one\n- ```py\n  <think>\n  ```",
        "> ```\n> <think>\n> ```",
        "```\n```\n`<think>`",
    ],
)
def test_tags_in_every_kind_of_code_stay(code):
    assert separate(f"{code}\n\nend") == (f"{code}\n\nend", "")
    assert separate(f"{code}\n\n<think>hm</think>end") == (f"{code}\n\nend", "hm")


def test_backticks_in_the_middle_of_a_line_begin_no_fence():
    assert separate("three ``` of them <think>hm</think>") == ("three ``` of them", "hm")


@pytest.mark.parametrize("tag", ["<think/>", "<think />", '<thinking level="1"/>'])
def test_an_empty_tag_hides_nothing(tag):
    assert separate(f"a{tag}b") == ("ab", "")


def test_only_the_gap_that_a_cut_leaves_is_closed():
    code = "```\na = 1\n\n\nb = 2\n```"
    said = f"First\n\n<think>x</think>\n\n\n<think>y</think>\n\n{code}"
    assert separate(said) == (f"First\n\n{code}", "x\ny")


@pytest.mark.parametrize(
    ("said", "visible"),
    [
        ("a[[HEARTBEAT]]b[[/HEARTBEAT]]c[[HEARTBEAT]]d[[/HEARTBEAT]]e", "ace"),
        ("a[[HEARTBEAT]]b", "ab"),
        ("<th[[HEARTBEAT]].[[/HEARTBEAT]]ink>hm</think>a", "a"),
    ],
)
def test_heartbeats_are_no_part_of_the_answer(said, visible):
    assert separate(said)[0] == visible


WORDS = st.sampled_from(["word ", "\n", "\n\n\n", "`", "<b>", "*", "<", "[[", "</b>"])
TEXT = st.lists(WORDS, max_size=8).map("".join)
BLOCK = st.builds(
    lambda tag, inside: f"<{tag}>SECRET{inside}</{tag}>", st.sampled_from(TAGS), TEXT
).filter(lambda block: "`</" not in block)


@given(st.lists(st.tuples(TEXT.filter(lambda text: "`" not in text), BLOCK), max_size=6), TEXT)
def test_no_thinking_is_shown_and_nothing_else_is_lost(parts, end):
    visible, thinking = separate("".join(text + block for text, block in parts) + end)
    told = "".join(text for text, _ in parts) + end
    assert "SECRET" not in visible
    assert "".join(visible.split()) == "".join(told.split())
    assert thinking.count("SECRET") == len(parts)


@given(st.text(st.sampled_from("<>/`~ \n>-[]thinkTHOUGHT\ud800é[[HEARTBEAT]]")))
def test_any_text_is_taken_and_what_is_shown_can_be_stored(said):
    for part in separate(said):
        part.encode()


UNITS = ["[[HEARTBEAT]]", "<think>", "</think>", "<think ", "<think>`<think", "\n<think></think>"]
UNITS += ["`", "``a`", "```\n", "\n```a", "~~~ ", "\n", "> ", "1. ", "<think>a</think>```\n"]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", UNITS)
def test_a_reply_of_the_largest_size_is_read_in_seconds(unit):
    assert cpu(lambda: separate(unit * (1024 * 1024 // len(unit))), 5) < 5
