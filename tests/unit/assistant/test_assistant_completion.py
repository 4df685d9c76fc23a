"""Completions as servers really send them: whole, in parts, refused, streamed unasked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.assistant.completion import read
from lib.assistant.exchange import Reply
from lib.errors import AssistantDeclinedError, AssistantEmptyError, AssistantError

MISSING = object()


def whole(ending=MISSING, **message):
    choice = {"index": 0, "message": {"role": "assistant", **message}}
    if ending is not MISSING:
        choice["finish_reason"] = ending
    return Reply(200, "application/json", json.dumps({"choices": [choice]}).encode())


def events(*data, end="data: [DONE]\n\n", kind="text/event-stream"):
    told = (one if isinstance(one, str) else json.dumps(one) for one in data)
    return Reply(200, kind, ("".join(f"data: {one}\n\n" for one in told) + end).encode())


def piece(text=None, ending=None, **delta):
    delta = {"content": text, **delta}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": ending}]}


COMPLETE = [None, MISSING, "", "stop", "STOP", "length", "end", "end_turn", "MAX_TOKENS", "eos"]
COMPLETE += [
    "stop_sequence",
    "tool_calls",
    "function_call",
    "eos_token",
    "COMPLETE",
    "model_length",
]
COMPLETE += ["anything else", 1, {"type": "stop"}, "unknown", "refusal"]
COMPLETE += ["null", "FINISH_REASON_STOP", "normal", "NOT_FINISHED", "pause_turn"]


@pytest.mark.parametrize("ending", COMPLETE)
def test_a_reply_that_could_be_read_is_complete_whatever_word_ends_it(ending):
    assert read(whole(ending, content="Hello")).text == "Hello"


FAILURES = [
    "error",
    "ERROR",
    "network_error",
    "abort",
    "aborted",
    "cancelled",
    "sensitive",
    "timeout",
]
FAILURES += ["content_filter", "SAFETY", "RECITATION", "content_filter: PROHIBITED_CONTENT"]
FAILURES += ["insufficient_system_resource", "MALFORMED_FUNCTION_CALL", "ERROR_TOXIC", "failed"]
FAILURES += ["ERROR_LIMIT", "engine_overloaded", "ModelError", "malformed_model_output", "LANGUAGE"]
FAILURES += ["FINISH_REASON_ERROR", "FINISH_REASON_SAFETY", "service-unavailable", "UserCancelled"]


@pytest.mark.parametrize("ending", FAILURES)
@pytest.mark.parametrize("form", [whole, lambda ending, content: events(piece(content, ending))])
def test_a_word_of_failure_is_a_failure_though_there_is_text(form, ending):
    with pytest.raises(AssistantError) as raised:
        read(form(ending, content="Hel"))
    assert type(raised.value) is AssistantError


@pytest.mark.parametrize(
    "reply",
    [
        whole("stop", content=None, refusal="I cannot help with that."),
        whole("content_filter", content="", refusal="I cannot help with that."),
        whole("stop", content=[{"type": "refusal", "refusal": "I cannot help with that."}]),
        whole("refusal", content="I cannot help with that."),
        events(piece(refusal="I cannot "), piece(refusal="help with that."), piece(ending="stop")),
    ],
)
def test_a_refusal_in_words_is_the_answer(reply):
    assert read(reply).text == "I cannot help with that."


@pytest.mark.parametrize(
    "ending", ["content_filter", "SAFETY", "sensitive", "refusal", "content_filtered"]
)
@pytest.mark.parametrize("content", [None, "", [], " \n"])
def test_a_filter_without_words_is_told_as_what_it_is(ending, content):
    with pytest.raises(AssistantDeclinedError):
        read(whole(ending, content=content))
    with pytest.raises(AssistantDeclinedError):
        read(events(piece(""), piece(None, ending)))


@pytest.mark.parametrize(
    "error", [{"code": "content_filter"}, {"type": "content_policy_violation", "message": "x"}]
)
def test_an_error_of_a_filter_within_success_is_one_too(error):
    with pytest.raises(AssistantDeclinedError):
        read(Reply(200, "application/json", json.dumps({"error": error}).encode()))


@pytest.mark.parametrize(
    ("content", "text", "thinking"),
    [
        ([{"type": "text", "text": "Hello "}, {"type": "text", "text": "you"}], "Hello you", ""),
        ([{"type": "output_text", "text": "Hello "}, "you"], "Hello you", ""),
        ([{"text": "Hello you"}], "Hello you", ""),
        ({"type": "text", "text": "Hello you"}, "Hello you", ""),
        ([{"type": "text", "text": {"value": "Hello you", "annotations": []}}], "Hello you", ""),
        (
            [
                {"type": "thinking", "thinking": [{"type": "text", "text": "plan"}]},
                {"type": "text", "text": "Hello you"},
            ],
            "Hello you",
            "plan",
        ),
        (
            [
                {"type": "thinking", "thinking": "plan", "signature": "x"},
                {"type": "redacted_thinking", "data": "x"},
                {"type": "text", "text": "Hello you"},
                {"type": "tool_use", "name": "f", "input": {"text": "no"}},
                {"type": "image_url", "image_url": {"url": "https://example.com"}},
                None,
                5,
            ],
            "Hello you",
            "plan",
        ),
        ([{"type": "reasoning", "text": "plan"}, {"type": "text", "text": "Hi"}], "Hi", "plan"),
        ([{"type": "TEXT", "text": "Hi"}, {"type": "refusal", "text": ", no."}], "Hi, no.", ""),
    ],
)
def test_content_in_parts_is_joined_and_thinking_kept_apart(content, text, thinking):
    said = read(whole("stop", content=content))
    assert (said.text, said.thinking) == (text, thinking)
    said = read(events(piece(content), piece(None, "stop")))
    assert (said.text, said.thinking) == (text, thinking)


@pytest.mark.parametrize(
    "content", [None, "", " ", [], [{"type": "thinking", "thinking": "plan"}], 5, {"a": 1}]
)
def test_content_without_words_is_an_empty_answer(content):
    with pytest.raises(AssistantEmptyError):
        read(whole("stop", content=content))
    with pytest.raises(AssistantEmptyError):
        read(whole("tool_calls", content=content, tool_calls=[{"id": "1"}]))


@pytest.mark.parametrize(
    "reply",
    [
        events(piece("Hel", role="assistant"), piece("lo"), piece("", "stop"), {"choices": []}),
        events(piece("Hel"), piece("lo")),  # [DONE] alone says that it is whole
        events(piece("Hel"), piece("lo"), piece(None, "stop"), end=""),  # so does its last word
        events(piece("Hel"), "ping", piece("lo"), end=": keep-alive\n\ndata: [DONE]"),
        events(piece("Hel"), piece("lo"), kind=""),
        events(piece("Hel"), piece("lo"), kind="application/json"),
        events({"choices": [{"index": 1, "delta": {"content": "no"}}]}, piece("Hello")),
        events({"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}),
        events(piece("Hello"), piece("", "tool_calls")),
        # The whole message once more at the end.
        events(piece("Hel"), piece("lo"), {"choices": [{"message": {"content": "Hello"}}]}),
        # One line break between events.
        events(
            f"{json.dumps(piece('Hel'))}\ndata: {json.dumps(piece('lo'))}\ndata: [DONE]", end=""
        ),
        # An event over several lines.
        events(json.dumps(piece("Hello", "stop"), indent=1).replace("\n", "\ndata: "), end=""),
        # No stream at all, whatever its kind says.
        Reply(200, "text/event-stream", whole("stop", content="Hello").body),
        Reply(
            200,
            "text/event-stream; charset=utf-8",
            "\ufeff: hi\r\nid: 1\r\ndata:{}\r\n\r\n".encode()
            + f"event: x\r\ndata:{json.dumps(piece('Hello', 'stop'))}\r\n\r\n".encode(),
        ),
    ],
)
def test_a_stream_that_nobody_asked_for_is_joined(reply):
    assert read(reply).text == "Hello"


@pytest.mark.parametrize(
    "reply",
    [
        events(piece("Hel"), piece("lo"), end=""),
        events(piece("Hel"), end='data: {"choices": [{"delta": {"content": "lo'),
        events(piece("Hel"), {"error": {"message": "secret"}}),
        events(end=""),
        events(piece("Hel"), piece("lo", "error")),
        events(piece("Hel"), '{"broken', piece("lo", "stop")),
        events(piece("Hel", "null"), piece("lo", "null"), end=""),
        events(piece("Hel"), end='event: error\ndata: {"message": "secret"}\n\ndata: [DONE]\n\n'),
        events(piece("Hello", "stop"), end="event: error\n\n"),
    ],
)
def test_a_stream_that_was_cut_or_failed_is_a_failure(reply):
    with pytest.raises(AssistantError) as raised:
        read(reply)
    assert type(raised.value) is AssistantError
    assert "secret" not in str(raised.value)


NOTHING = ["", "null", "[]", "{}", '{"choices": null}', '{"choices": [null]}', "[" * 9999, "\xff"]
NOTHING += ['{"choices": ["a"]}', "<html>", '{"answer": "x"}', '{"error": {"message": "x"}}']


@pytest.mark.parametrize("body", NOTHING)
def test_what_is_no_completion_is_a_failure(body):
    with pytest.raises(AssistantError) as raised:
        read(Reply(200, "application/json", body.encode("latin-1")))
    assert type(raised.value) is AssistantError


@given(st.text(min_size=1).filter(str.strip), st.integers(1, 9), st.sampled_from(["stop", None]))
def test_pieces_of_any_size_give_the_whole_text(text, size, ending):
    pieces = [piece(text[n : n + size]) for n in range(0, len(text), size)]
    assert read(events(*pieces, piece(None, ending))).text == text
    assert read(whole(ending, content=text)).text == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "choices",
                        "message",
                        "content",
                        "type",
                        "text",
                        "delta",
                        "error",
                        "thinking",
                        "finish_reason",
                        "index",
                    ]
                ),
                inner,
            )
        ),
    )
)
def test_any_document_is_an_answer_or_a_failure(document):
    for reply in (Reply(200, "", json.dumps(document).encode()), events(document)):
        try:
            assert read(reply).text.strip()
        except AssistantError:
            continue
