import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.assistant.decode import decode
from lib.assistant.exchange import Reply
from lib.assistant.thinking import separate
from lib.errors import AssistantError


def text(body, content_type):
    return decode(Reply(200, content_type, body.encode()))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"answer": "h\\u00e9 {x}"}'),
        ("application/json; charset=utf-8", '{"metadata": {}, "answer": "hé {x}"}'),
        (
            "text/event-stream",
            'data: {"chunk": "h"}\n\ndata: {"answer": "hé {x}"}\n\ndata: [DONE]\n\n',
        ),
        ("text/event-stream", ': ping\r\nevent: x\r\ndata: {"answer":\r\ndata: "hé {x}"}\r\n\r\n'),
        ("text/event-stream", 'data:{"answer": "hé {x}"}'),
        (
            "text/plain; charset=utf-8",
            'h lost {"answer": "hé {x}", "metadata": {"a": {"answer": 1}}}',
        ),
        ("text/plain", 'x###JSON_START###{"answer": "hé {x}"}###JSON_END###'),
        ("text/plain", "hé {x}"),
        ("", '{"answer": "hé {x}"}'),
        ("", 'data: {"answer": "hé {x}"}\n\n'),
        ("application/octet-stream", '{"answer": "hé {x}"}'),
        ("text/markdown", "hé {x}"),
        ("application/json", '\ufeff{"answer": "hé {x}"}'),
        ("application/json; charset=nonsense", '{"answer": "hé {x}"}'),
        ("application/json; charset=idna", '{"answer": "hé {x}"}'),
        ("text/event-stream", 'data: ping\n\ndata: {"answer": "hé {x}", "error": null}\n\n'),
        ("text/plain", 'data: {"chunk": "h"}\n\ndata: {"answer": "hé {x}"}\n\ndata: [DONE]\n\n'),
    ],
)
def test_the_answer_wins_in_every_form(content_type, body):
    assert text(body, content_type) == "hé {x}"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", "[1]"),
        ("application/json", '{"answer": 5}'),
        ("application/json", "[" * 100_000),
        ("text/event-stream", ""),
        ("text/event-stream", "data: [DONE]\n\n"),
        ("text/event-stream", "data: {\n\n"),
        ("text/html", "<html>"),
        ("text/plain", 'It is so. {"answer": "It is'),
        ("text/plain", 'It is so. {"answer": "It is so.", "metadata": {'),
        ("text/event-stream", 'data: {"answer": "It is'),
        ("text/plain", "well Streaming async Error: x"),
        ("text/plain", "\n<!DOCTYPE html><title>Sign in</title>"),
        ("text/plain", "Traceback (most recent call last):\n  File"),
        ("application/json", '{"answer": "QNA_ERROR: x"}'),
    ],
)
def test_what_holds_no_answer_is_a_failure(content_type, body):
    with pytest.raises(AssistantError):
        text(body, content_type)


def test_plain_text_may_talk_about_json():
    said = 'Send {"answer": 42, ...} or {"answer": "x"} to it.'
    assert text(said, "text/plain") == said


def test_a_number_too_large_to_read_is_no_tail():
    said = 'a {"answer": ' + "1" * 5000
    assert text(said, "text/plain") == said


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            "application/json",
            "text/event-stream",
            "text/plain",
            "",
            "text/plain; charset=nonsense",
            "text/plain; charset=utf-16",
        ]
    ),
)
def test_any_bytes_are_an_answer_or_a_failure(body, content_type):
    try:
        assert decode(Reply(200, content_type, body)).strip()
    except AssistantError:
        return


@given(st.text(min_size=1).filter(str.strip), st.integers(min_value=1, max_value=9))
def test_an_answer_comes_out_of_its_pieces_whole(answer, size):
    if answer.lstrip().startswith("QNA_ERROR:"):
        return
    pieces = [answer[n : n + size] for n in range(0, len(answer), size)]
    events = "".join(f"data: {json.dumps({'chunk': piece})}\n\n" for piece in pieces)
    events += f"data: {json.dumps({'answer': answer})}\n\ndata: [DONE]\n\n"
    assert text(events, "text/event-stream") == answer


@pytest.mark.parametrize(
    ("said", "visible", "thinking"),
    [
        ("plain", "plain", ""),
        ("<thinking>a</thinking>b", "b", "a"),
        ("a\n\n<think>x</think>\n\nb", "a\n\nb", "x"),
        ("<antThinking>a</antThinking><reflection>b</reflection>c", "c", "a\nb"),
        ("<THOUGHT type='x'>a</THOUGHT>b", "b", "a"),
        ("shown <thinking>never closed", "shown", "never closed"),
        ("<think>a<thinking>b</thinking>c</think>d", "d", "a\nb\nc"),
        ("left over</think>", "left over", ""),
        ("never opened</think>\n\nanswer</think>", "answer", "never opened"),
        ("`<think>` is a tag", "`<think>` is a tag", ""),
        ("```\n<think>code</think>\n```", "```\n<think>code</think>\n```", ""),
        ("[[HEARTBEAT]]still here[[/HEARTBEAT]]done", "done", ""),
        ("<thinkpad> is a laptop", "<thinkpad> is a laptop", ""),
        ("half a pair \ud83d, a whole one \ud83d\ude00", "half a pair \ufffd, a whole one 😀", ""),
    ],
)
def test_thinking_is_cut_out(said, visible, thinking):
    assert separate(said) == (visible, thinking)


# What is a sign although there is no ``<`` in it; those for instructions only at the edges.
SIGN = re.compile(
    r"""<|\[\[HEARTBEAT\]\]|\A\s*\[/?inst\]|\[/?inst\]\s*\Z
    |\[/?think(?:ing)?\]|\[/?tool_\w+\]|\[\|\w+\|\]
    |\[cite(?:_start|_end|:[\d\s,.-]+)\]|\[oai_citation|【[^【】\n]*(?:†|oaicite|turn\d)
    |:(?:contentReference|citation)\[oaicite|[\ue200-\ue20f◁]|citeturn
    |\A\s*(?:analysis|commentary)[\s\S]*assistantfinal""",
    re.VERBOSE | re.IGNORECASE,
)
NEARLY = ["[INST]", "[INST", "[/inst] ", "[[HEARTBEAT", "[[a]]", "[think", "[cite]", "[cite:a]"]
NEARLY += ["【重要】", "【1", "†a】", "analysis", "assistantfinal", ":citation[1]", "turn0search1"]
NEARLY += ["a ", "\n\n\n", " .", "`", "```\n", "> "]


@given(st.one_of(st.text(), st.lists(st.sampled_from(NEARLY) | st.text(max_size=2)).map("".join)))
@example("a [INST] b")
@example("[INST")
@example("see [[1]], [cite] and 【重要】")
def test_text_without_signs_is_shown_as_it_is(said):
    if not SIGN.search(said):
        assert separate(said) == (said, "")
