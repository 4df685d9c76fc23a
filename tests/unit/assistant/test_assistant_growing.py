"""What may be shown of an unfinished text: nothing hidden, and nothing that its rest changes."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.assistant.edges import trimmed
from lib.assistant.growing import shown
from lib.assistant.reader import Reader
from lib.assistant.thinking import plain, separate
from tests.cpu import cpu
from tests.wrapped import CALLS, OPENERS, SIGNS, THINKING

# These end thinking that began with the text: nobody can know before.
UNSAID = [said for said in THINKING if said.startswith("plan")]

PLAIN = [
    "# Plan\n\nUse `x` and **y**: 1. one [2]\n\n```py\na < b\n```\n\n> quote\n\nDone.",
    "Dear <Name>, your code is <CODE>. See [the page](https://example.com/a_b), ok?",
    "vector<int> and Option<T>; a < b and c > d; x <| f |> y, a <|> b, [| 1; 2 |]",
    "    code at the beginning\n\nand more <think>plan</think> of it",
    "\n\n  It begins with blanks <think>plan</think> and goes on.",
    "Now <s>20</s> 10 euros",
    "<s>20</s> 10 <think>plan</think>euros",
    "<s>Hello</s>",
    "[think] so [/think] or not",
    "I [think] so, he [thinks] not",
    "Well: <answer>Yes.</answer> Bye. <final>No",
    "<think>plan</think><final>Yes, and more.</final>",
    "a[[HEARTBEAT]]b[[/HEARTBEAT]]c[[HEARTBEAT]]d",
    "<th[[HEARTBEAT]].[[/HEARTBEAT]]ink>plan</think>Yes.",
    "half a pair \ud83d, a whole one \ud83d\ude00",
    "analysisWe need a plan.assistantfinalYes.assistantfinalNo.",
    "analysis of the text",
    "<bos>Hi<eos> and [inst] more <eos>",
    "Send this:\n\n~~~\n<think>\n~~~\n\n> ```\n> <think>\n\n<think>plan</think>Yes.",
    "Open 9 to 5【12:0†hours.pdf】. See [oai_citation:1‡Acme](https://example.com/a) and text",
    "text :contentReference[oaicite:3]{index=3} and [cite: 1, 2]. Openfileciteturn0file1 now",
    'It is \ue200entity\ue202["company","Acme","a firm"]\ue201. \ue203Open\ue204 now',
    "<|im_start|>assistant\nHi<|im_end|>\n<|im_start|>user\nAnd you?<|im_end|>",
    "a <think>plan</think> .5 is a half, and a <think>plan</think> .",
    "**Sum**\n\n| a | b |\n|---|---|\n| 1 | `x|y` |\n\n~~gone~~ and ``a ` b``",
]
SAMPLES = [*PLAIN, *(one for one in THINKING if one not in UNSAID), *CALLS]
SAMPLES += [f"Let me see.\n{call}\nIt is so." for call in CALLS]
SAMPLES += [f"Good {sign}day.{sign}\n`{sign}`" for sign in SIGNS]
ATOMS = [*OPENERS, *OPENERS.values(), *SIGNS, *"`~[]()<>:.\n>|", "\n\n", "```\n", "~~~\n", "- "]
ATOMS += ["a ", "word", "<answer>", "</answer>", "<s>", "</s>", "<eos>", "[inst]", "[think]"]
ATOMS += ["[[HEARTBEAT]]", "[[/HEARTBEAT]]", "【1†a】", "[cite: 1]", "[x](y)", "\ue203", "    "]
ATOMS += ["citeturn0search1", "\ue200cite\ue202turn0search1\ue201", "assistant", "final", "\ud83d"]


def check(whole):
    """Everything heard of each beginning of a text begins what is shown of all of it."""
    final, before = separate(whole)[0].lstrip(), ""
    for length in range(len(whole) + 1):
        heard, _ = shown(whole[:length])
        assert final.startswith(heard), (whole[:length], heard)
        assert heard.startswith(before), (whole[:length], heard)
        before = heard


@pytest.mark.parametrize("whole", SAMPLES)
def test_each_beginning_shows_a_beginning_of_the_answer(whole):
    check(whole)


@pytest.mark.slow
@given(st.lists(st.sampled_from(ATOMS), max_size=12).map("".join))
@settings(max_examples=300)
@example("    ~~~\n<eos>\n> ")
@example("citeturn0search0")
def test_no_order_of_signs_shows_what_its_rest_would_change(whole):
    reader = Reader(trimmed(plain(whole)))
    reader.read()
    begins_with_thinking = reader._half > 0
    if not begins_with_thinking:
        check(whole)


FILL = "It is a long answer, which goes on and on.\n\n"


@pytest.mark.parametrize(("opener", "closer"), OPENERS.items())
def test_nothing_inside_is_shown_while_it_is_open(opener, closer):
    said = f"{FILL}{opener} SECRET\n SECRET `x` {closer}{FILL}"
    for length in range(len(said)):
        assert "SECRET" not in shown(said[:length])[0]
        assert opener not in shown(said[:length])[0]
    assert shown(f"{said}{FILL * 20}")[0].count("It is a long answer") > 18


@pytest.mark.parametrize(
    ("said", "may_be_shown"),
    [
        ("One line.\nAnother one that is not", "One line.\nAnother one that is"),
        ("Use `x", "Use"),
        ("Use `x` in\nall", "Use `x` in"),
        ("See [the page](https://exam", "See"),
        ("It is a <thi", "It is a"),
        ("It is a < b, for all that is known here", "It is a"),
        ("It is, I think, a <b> c and", "It is, I think, a <b> c"),
        ("The end.", "The end"),
        ("Said: hello: to you", "Said: hello: to"),
        ("<think>plan</think>Yes, it is so", "Yes, it is"),
        ("Yes.<think>plan", "Yes"),
    ],
)
def test_what_is_kept_back_is_little(said, may_be_shown):
    assert shown(said)[0] == may_be_shown


FAILURES = [
    "QNA_ERROR: An error occurred while processing /vac/x: secret",
    "\n\nTraceback (most recent call last):\n  File secret",
    "<!DOCTYPE html><title>Sign in</title>",
    "<html><body>secret</body></html>",
    "<think>plan</think>QNA_ERROR: secret",
]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_in_an_answer_s_place_is_not_shown(failure):
    assert shown(f"{failure} {FILL * 20}")[0] == ""


UNITS = [
    "<",
    "<think ",
    "<think>",
    "</think>",
    "[THINK]",
    "[",
    "[a](",
    "`",
    "```\n",
    "~",
    ":a",
    "a",
]
UNITS += ["【", "\ue200", "【1†a】", "<|im_end|>", "<|start|>assistant", "<answer>", "\n", " ", "{"]
UNITS += ["[[HEARTBEAT]]", "<s>", "> ```\n> a\n", "字", "<|channel|>analysis<|message|>a<|end|>"]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", UNITS)
def test_one_look_at_a_hostile_text_is_short(unit):
    said = unit * (256 * 1024 // len(unit))
    assert cpu(lambda: shown(said), 1.0) < 1.0
