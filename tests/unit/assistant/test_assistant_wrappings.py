"""What models wrap around what they do not say: each form, and the laws that hold for all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.assistant.signs import _SIGNS, events
from lib.assistant.thinking import separate
from tests.cpu import cpu
from tests.wrapped import CALL, CALLS, OPENERS, SIGNS, THINKING


@pytest.mark.parametrize("said", THINKING)
def test_thinking_in_every_wrapping_is_kept_apart(said):
    assert separate(said) == ("Yes.", "plan")


def test_several_wrappings_and_nested_ones_are_all_cut_out():
    said = "<think>a<reasoning>b</reasoning></think>One [THINK]c[/THINK]two ◁think▷d◁/think▷three"
    assert separate(said) == ("One two three", "a\nb\nc\nd")
    said = "<think>I may write <thinking> here</think>Yes."
    assert separate(said) == ("Yes.", "I may write\nhere")
    said = "<think>No <tool_call> and no <|im_end|> counts here</think>Yes."
    assert separate(said) == ("Yes.", "No <tool_call> and no <|im_end|> counts here")


def test_thinking_inside_lists_and_quotes_goes_without_them():
    said = "- <think>plan</think>one\n- two\n> <reasoning>plan</reasoning>three"
    assert separate(said)[0] == "- one\n- two\n> three"


def test_only_the_final_channel_is_said():
    said = (
        "<|channel|>analysis<|message|>plan<|end|>"
        "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json"
        f"<|message|>{CALL}<|call|>"
        "<|start|>functions.f to=assistant<|channel|>commentary<|message|>result<|end|>"
        "<|start|>assistant<|channel|>commentary<|message|>more<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Yes.<|return|>"
    )
    assert separate(said) == ("Yes.", "plan\nmore")


def test_channels_whose_signs_a_server_dropped_are_known():
    assert separate("analysisWe need a plan.assistantfinalYes.") == (
        "Yes.",
        "analysisWe need a plan.",
    )
    assert separate("analysis of the text") == ("analysis of the text", "")


@pytest.mark.parametrize("call", CALLS)
def test_calls_of_tools_are_neither_shown_nor_thinking(call):
    assert separate(call) == ("", "")
    assert separate(f"Let me see.\n{call}") == ("Let me see.", "")


@pytest.mark.parametrize("call", CALLS)
def test_calls_of_tools_in_a_fence_are_text(call):
    if "```" in call:
        return
    said = f"Send this:\n\n```xml\n{call}\n```\n\nThat is all."
    assert separate(said) == (said, "")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_model_s_own_signs_are_not_shown(sign):
    assert separate(f"Good day.{sign}") == ("Good day.", "")
    assert separate(f"{sign}Good day.") == ("Good day.", "")
    assert separate(f"Good {sign}day.{sign}\n{sign}") == ("Good day.", "")
    assert separate(f"`{sign}` and\n\n~~~\n{sign}\n~~~")[0] == f"`{sign}` and\n\n~~~\n{sign}\n~~~"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<|im_start|>assistant\nHi<|im_end|>\n<|im_start|>user\nAnd you?<|im_end|>", "Hi"),
        ("<|start_header_id|>assistant<|end_header_id|>\n\nHi<|eot_id|>", "Hi"),
        ("<start_of_turn>model\nHi<end_of_turn>", "Hi"),
        ("<|turn>model\nHi<turn|>", "Hi"),
        ("Hi<|end|>\n<|user|>\nAnd you?<|end|>", "Hi"),
        ("<s>[INST] Hi [/INST]</s>", "Hi"),
        ("<bos>Hi<eos><pad><pad>", "Hi"),
        ("It was <s>20</s> 10.", "It was <s>20</s> 10."),
        ("Now <s>20</s>", "Now <s>20</s>"),
        ("<s>20</s> 10", "<s>20</s> 10"),
        ("Say [INST] first.", "Say [INST] first."),
        ("[INST]", ""),
    ],
)
def test_signs_of_a_conversation_go_with_their_words(said, shown):
    assert separate(said) == (shown, "")


@pytest.mark.parametrize(
    "said",
    [
        "Dear <Name>, your code is <CODE>.",
        "vector<int> and Option<T>",
        "x <| f |> y, a <|> b, [| 1; 2 |]",
        "a < b and c > d",
        "Write <analysis of the data> here",
        "Dear <final>, dear <answer>",
        "[think](https://example.com) and [think] so",
        "Is <action> or <function> meant?",
        "<thinkpad> and <s-bahn>",
        "【重要】会議",
        "<details><summary>More</summary>text</details>",
        "see [1] and [cite]",
        "`<think>` and `` `</think> ``, ```<tool_call>```",
        "1. > ~~~\n   > <think>\n   > ~~~",
        "```\n<think>\n```py\n</think>",
    ],
)
def test_what_is_no_sign_stays_as_written(said):
    assert separate(said) == (said, "")


def test_tags_around_an_answer_go_and_a_placeholder_of_that_name_stays():
    assert separate("<final>Yes.</final>")[0] == "Yes."
    assert separate("<final_answer>Yes.")[0] == "Yes."
    assert separate("Well: <answer>Yes.</answer> Bye.")[0] == "Well: Yes. Bye."


def test_code_that_begins_where_a_sign_was_is_code():
    code = "```\n<think>\n</think>\n```"
    for said in (f"<think>plan</think>{code}", f"<|im_start|>assistant\n<|x|>{code}"):
        assert separate(said)[0] == code
    assert separate(f"One <think>plan</think>{code}")[0] == "One ```\n\n```"


def test_thinking_in_square_brackets_may_stand_before_others():
    assert separate("[THINK]plan[/THINK][1] Yes. [THINK][a")[0] == "[1] Yes."


def test_an_answer_s_tag_that_is_not_closed_goes_where_the_answer_begins():
    assert separate("plan</think>\n<final>Yes.") == ("Yes.", "plan")
    assert separate("<bos><answer>Yes.")[0] == "Yes."


def test_a_quote_ends_the_fence_in_it():
    said = "> ```\n> <think>\n\n<think>plan</think>Yes."
    assert separate(said) == ("> ```\n> <think>\n\nYes.", "plan")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Open 9 to 5【12:0†hours.pdf】.", "Open 9 to 5."),
        ("Open 9 to 5 【4†source】【5†L1-L3】, daily.", "Open 9 to 5, daily."),
        ("Open【F:lib/x.py†L3-L9】 now", "Open now"),
        ("Open\ue200cite\ue202turn0search1\ue201.", "Open."),
        ("Open \ue200cite\ue202turn0search1\ue202turn2news3\ue201 now", "Open now"),
        ("Open \ue200navlist\ue202News\ue202turn0news1\ue201", "Open"),
        ('It is \ue200entity\ue202["company","Acme","a firm"]\ue201.', "It is Acme."),
        ("\ue203Open\ue204 now\ue206", "Open now"),
        ("Open citeturn0search1turn0search2.", "Open."),
        ("Openfileciteturn0file1 now", "Open now"),
        ("text :contentReference[oaicite:3]{index=3}", "text"),
        ("text:contentReference[oaicite:3]{index=3}.", "text."),
        ("text【oaicite:0】 more", "text more"),
        ("[cite_start]Text [cite: 1, 2]. More [cite: 3]", "Text. More"),
        ("See [oai_citation:1‡Acme](https://example.com/a).", "See [Acme](https://example.com/a)."),
        ("See it [oai_citation:1‡a.pdf](sandbox:/mnt/a.pdf).", "See it."),
        (
            'Open <grok:render card_id="1"><argument name="id">0</argument></grok:render>now',
            "Open now",
        ),
    ],
)
def test_marks_that_only_a_model_s_own_page_resolves_are_gone(said, shown):
    assert separate(said) == (shown, "")


WORDS = st.sampled_from(
    ["word ", "\n", "\n\n", "<b>", "*", "<", "【", "| ", "a<b ", "<Name>", ": "]
)
TEXT = st.lists(WORDS, max_size=6).map("".join)
INSIDE = st.lists(st.sampled_from(["SECRET ", "\n", "`", "```\n", "{", "<b>"]), max_size=5)
BLOCK = st.builds(
    lambda opener, inside: f"{opener} SECRET{''.join(inside)} {OPENERS[opener]}",
    st.sampled_from(sorted(OPENERS)),
    INSIDE,
)
SIGN = st.sampled_from([*SIGNS[:5], "【1†a】", "\ue200cite\ue202turn0search1\ue201"])


@given(st.lists(st.one_of(st.tuples(TEXT), st.tuples(BLOCK, TEXT), st.tuples(SIGN)), max_size=8))
def test_no_inside_is_shown_and_no_word_outside_is_lost(parts):
    said = "".join(map("".join, parts))
    told = "".join(part[-1] for part in parts if part[-1] not in SIGNS and "【1†" not in part[-1])
    told = told.replace("\ue200cite\ue202turn0search1\ue201", "")
    shown, _ = separate(said)
    assert "SECRET" not in shown
    assert "".join(shown.split()) == "".join(told.split())
    assert separate(shown)[0].strip() == shown.strip()


@given(st.lists(st.sampled_from([*OPENERS, *OPENERS.values(), *SIGNS, "a", "`", "```\n", "\n> "])))
@example(["<think>", "a", "<thinking>", "</think>"])
def test_any_order_of_signs_is_read_to_its_end(parts):
    shown, thinking = separate("".join(parts))
    assert len(shown) + len(thinking) <= len("".join(parts)) + len(parts)
    for sign in ("<|im_end|>", "◁think▷", "<tool_call>"):
        assert "`" in "".join(parts) or sign not in shown


UNITS = [
    "<",
    "</",
    "<a",
    "<think",
    "<think ",
    "<think>",
    "<think><x:thinking>",
    "</think>",
    "[THINK]",
]
UNITS += [
    "◁",
    "◁think▷",
    "<|",
    "<|a",
    "<|a|>",
    "<｜a",
    "<｜DSML｜invoke>",
    "[TOOL_CALLS]",
    "[",
    "【1†a",
]
UNITS += [
    "【",
    "【1†a】",
    "\ue200",
    "\ue200cite",
    "\ue203",
    ":",
    ":contentReference",
    "[cite: 1",
    "`a",
]
UNITS += ["<|channel|>", "<|channel|>analysis<|message|>a<|end|>", "<|start|>assistant", "<final>"]
UNITS += [
    "</final>",
    "<s>",
    "</s>",
    "<eos>",
    "[inst]",
    "citeturn0search0",
    "`<think>`",
    "```\n",
    "`` ` ",
]
UNITS += [
    "> ```\n> a\n",
    "- ~~~\n",
    "\n" * 1000 + "<think>x</think>",
    " " * 1000 + "<think>x</think>",
]
UNITS += [
    "<think>" + "a" * 1000,
    "<invoke a=",
    "<tool_call></tool_calls>",
    "<|im_end|><|im_start|>",
]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_megabyte_is_read_in_a_moment(unit):
    said = unit * (1_000_000 // len(unit.encode()))
    assert cpu(lambda: separate(said), 2.5) < 2.5


@pytest.mark.slow
@pytest.mark.parametrize("unit", [*UNITS, "a", " ", "\n"])
def test_no_single_search_keeps_others_waiting(unit):
    said = unit * (60_000 // len(unit) + 1)
    assert cpu(lambda: _SIGNS.search(said, 0, 20_000), 0.05) < 0.05


def test_a_sign_is_seen_wherever_a_step_of_the_search_ends():
    sign = "<|im_end|>"
    for place in range(2**14 - 12, 2**14 + 2):
        found = list(events("a" * place + sign + "b"))
        assert [(one.start, one.end) for one in found] == [(place, place + len(sign))]
