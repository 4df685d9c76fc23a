"""What a listener hears of a reply that arrives in parts of any size."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.assistant import completion, decode
from lib.assistant.exchange import Reply
from lib.assistant.hearing import Hearing
from lib.assistant.pieces import CompletionPieces, TextPieces, VacPieces
from lib.assistant.thinking import separate
from lib.errors import AssistantError, StoreError
from lib.ports.listener import Silence
from lib.stopping import StoppedError
from tests.cpu import cpu
from tests.heard import Audience
from tests.wrapped import CALLS, THINKING

EVENTS, TEXT = "text/event-stream", "text/plain; charset=utf-8"
OPENERS = {
    "openai": {"text/event-stream": CompletionPieces},
    "vac": {"text/event-stream": VacPieces, "text/plain": TextPieces},
}
FILL = "It is a long answer with **words** and `code`, 日本語 and 😀, which goes on.\n\n"
LONG = FILL * 40


def heard(backend, kind, parts, *, thinks_unsaid=False):
    """All that is heard of a reply in these parts."""
    audience = Audience()
    hearing = Hearing(audience, OPENERS[backend], thinks_unsaid=thinks_unsaid)
    for part in parts:
        hearing.take(kind, part)
    return audience.heard


def final(backend, kind, body):
    reply = Reply(200, kind, body)
    said = completion.read(reply).text if backend == "openai" else decode.decode(reply)
    return separate(said)[0].lstrip()


def cut(body, sizes):
    """The body in parts of these sizes, over and over."""
    parts, place = [], 0
    while place < len(body):
        size = sizes[len(parts) % len(sizes)]
        parts.append(body[place : place + size])
        place += size
    return parts


def delta(text, **more):
    return json.dumps({"choices": [{"delta": {"content": text}, **more}]})


def events(*data, end="\n\n"):
    return "".join(f"data: {one}{end}" for one in data).encode()


def completion_stream(text, size=7, end="\n\n"):
    pieces = [delta(text[n : n + size]) for n in range(0, len(text), size)]
    usage = json.dumps({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    return events(*pieces, delta("", finish_reason="stop"), usage, "[DONE]", end=end)


def vac_stream(text, size=7, end="\n\n"):
    pieces = [json.dumps({"chunk": text[n : n + size]}) for n in range(0, len(text), size)]
    return events(*pieces, json.dumps({"answer": text}), "[DONE]", end=end)


def glued(text):
    return (text + json.dumps({"answer": text, "metadata": {}})).encode()


STREAMS = [
    ("openai", EVENTS, completion_stream),
    ("openai", EVENTS, lambda text: b"\xef\xbb\xbf" + completion_stream(text, 50, "\r\n\r\n")),
    ("openai", EVENTS, lambda text: b": hello\n\n" + completion_stream(text, 50, "\r\r")),
    ("vac", EVENTS, vac_stream),
    ("vac", f"{EVENTS}; charset=utf-8", lambda text: vac_stream(text, 3, "\r\n\r\n")),
    ("vac", TEXT, glued),
    ("vac", TEXT, str.encode),
]
SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=6)
UNSAID = [said for said in THINKING if said.startswith("plan")]
SAMPLES = [f"{FILL * 5}{said}\n\n{LONG}" for said in (*THINKING, *CALLS) if said not in UNSAID]
SAMPLES += [f"{said}\n\n{LONG}" for said in THINKING if said not in UNSAID]
SAMPLES += [f"{FILL * 12}{call}\n\n{LONG}" for call in CALLS]


@pytest.mark.slow
@given(st.sampled_from(STREAMS), st.sampled_from(SAMPLES), SIZES)
@settings(max_examples=150)
def test_all_that_is_heard_begins_the_answer(stream, text, sizes):
    backend, kind, made = stream
    body = made(text)
    whole = final(backend, kind, body)
    told = heard(backend, kind, cut(body, sizes))
    assert told[0] == ""
    for one in told:
        assert whole.startswith(one)
        assert "plan" not in one
    for before, after in pairwise(told):
        assert after.startswith(before)
        assert len(after) >= len(before) + 200


@pytest.mark.parametrize(("backend", "kind", "made"), STREAMS)
def test_a_plain_answer_is_heard_soon_and_nearly_to_its_end(backend, kind, made):
    body = made(LONG)
    told = heard(backend, kind, cut(body, [100]))
    assert 300 <= len(told[1]) < 800
    assert len(told[-1]) > len(LONG) - 600
    assert len(told) <= len(LONG) / 200 + 2


@pytest.mark.parametrize(("backend", "kind", "made"), STREAMS)
def test_of_a_short_answer_nothing_is_heard_but_that_it_has_begun(backend, kind, made):
    assert heard(backend, kind, cut(made("Yes, of course."), [9])) == [""]


NOT_IN_PIECES = [
    ("openai", "application/json", b'{"choices": [{"message": {"content": "Hi"}}]}'),
    ("vac", "application/json", json.dumps({"answer": LONG}).encode()),
    ("vac", "", vac_stream(LONG)),
    ("vac", "text/html", b"<html>"),
    ("vac", "text/plain; charset=utf-16", LONG.encode("utf-16")),
    ("openai", f"{EVENTS}; charset=utf-16", completion_stream(LONG).decode().encode("utf-16")),
]


@pytest.mark.parametrize(("backend", "kind", "body"), NOT_IN_PIECES)
def test_a_reply_that_is_no_stream_is_not_heard(backend, kind, body):
    assert heard(backend, kind, [body]) == []


NEVER = "The secret path is /app/secret.py. " * 30
HIDDEN = {
    "a failure": ("vac", EVENTS, vac_stream(f"QNA_ERROR: {NEVER}")),
    "a failure as text": ("vac", TEXT, f"QNA_ERROR: {NEVER}".encode()),
    "a web page": ("vac", TEXT, f"<!doctype html>{NEVER}".encode()),
    "events as text": ("vac", "text/plain", vac_stream(NEVER)),
    "an open tag": ("openai", EVENTS, completion_stream(f"<think>{NEVER}")),
    "channels as words": ("openai", EVENTS, completion_stream(f"analysis{NEVER}assistantfinalY")),
    "a channel": ("openai", EVENTS, completion_stream(f"<|channel|>analysis<|message|>{NEVER}")),
    "a call": ("openai", EVENTS, completion_stream(f"<tool_call>{NEVER}")),
    "thinking apart": (
        "openai",
        EVENTS,
        events(
            *[json.dumps({"choices": [{"delta": {"reasoning_content": NEVER, "content": None}}]})]
            * 9
        ),
    ),
    "parts that are thinking": (
        "openai",
        EVENTS,
        events(*[delta([{"type": "thinking", "thinking": NEVER}])] * 9),
    ),
    "another choice": (
        "openai",
        EVENTS,
        events(*[json.dumps({"choices": [{"index": 1, "delta": {"content": NEVER}}]})] * 9),
    ),
    "another event's data": ("vac", EVENTS, events(*[json.dumps({"heartbeat": NEVER})] * 9)),
    "what follows the end": ("openai", EVENTS, events("[DONE]", delta(NEVER), delta(NEVER))),
    "what follows an answer": (
        "vac",
        EVENTS,
        events('{"answer": "x"}', json.dumps({"chunk": NEVER})),
    ),
    "an unfinished event": ("openai", EVENTS, events(delta(NEVER))[:-1]),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_for_people_is_never_heard(name):
    backend, kind, body = HIDDEN[name]
    for size in (1, 64, len(body)):
        assert {*heard(backend, kind, cut(body, [size]))} <= {""}


def test_nothing_is_heard_after_a_failure_within_an_answer():
    told = heard("vac", TEXT, cut(f"{LONG}Streaming Error: x Traceback {LONG}".encode(), [50]))
    assert LONG.startswith(told[-1])
    assert len(told[-1]) > 300
    broken = events(*[delta(FILL)] * 40, '{"error": {"message": "secret"}}', *[delta(NEVER)] * 9)
    assert LONG.startswith(heard("openai", EVENTS, cut(broken, [50]))[-1])


REPEATS = {
    "as a message": events(
        *[delta(FILL)] * 40,
        json.dumps({"choices": [{"message": {"content": LONG}, "finish_reason": "stop"}]}),
        "[DONE]",
    ),
    "as one more piece": events(*[delta(FILL)] * 40, delta(LONG), "[DONE]"),
}


@pytest.mark.parametrize("body", REPEATS.values(), ids=REPEATS)
def test_a_text_that_is_sent_twice_is_the_answer_once(body):
    assert final("openai", EVENTS, body) == LONG
    assert all(LONG.startswith(one) for one in heard("openai", EVENTS, cut(body, [90])))


def test_pieces_that_are_alike_are_all_said():
    body = events(*[delta("ha ")] * 500, delta("", finish_reason="stop"))
    assert final("openai", EVENTS, body) == "ha " * 500
    assert len(heard("openai", EVENTS, cut(body, [90]))[-1]) > 1000


def test_where_thinking_begins_unsaid_its_end_is_waited_for():
    said = completion_stream(f"{NEVER}</think>{LONG}")
    told = heard("openai", EVENTS, cut(said, [90]), thinks_unsaid=True)
    assert all(LONG.startswith(one) for one in told)
    assert len(told[-1]) > len(LONG) - 600
    never = heard("openai", EVENTS, cut(completion_stream(LONG), [90]), thinks_unsaid=True)
    assert never == [""]
    apart = events(json.dumps({"choices": [{"delta": {"reasoning_content": "plan"}}]}))
    told = heard("openai", EVENTS, [apart, *cut(completion_stream(LONG), [90])], thinks_unsaid=True)
    assert len(told[-1]) > len(LONG) - 600


def test_an_answer_that_turns_out_as_thinking_is_heard_no_further():
    told = heard("openai", EVENTS, cut(completion_stream(f"{LONG}</think>{LONG}"), [90]))
    assert all(LONG.startswith(one) for one in told)


def test_whoever_listens_to_nothing_costs_nothing():
    hearing = Hearing(Silence(), {EVENTS: None}, thinks_unsaid=False)
    hearing.take(EVENTS, completion_stream(LONG))


HOSTILE = {
    "100,000 events": [b'data: {"choices": [{"delta": {"content": "ab "}}]}\n\n'] * 100_000,
    "one event of a megabyte": cut(events(delta("word " * 200_000)), [16_384]),
    "an event that never ends": [b"data: x" * 2000] * 500,
    "blank lines": [b"\n" * 4096] * 1000,
    "carriage returns": [b"\r" * 4096] * 1000,
    "a long answer": cut(completion_stream("word and more " * 60_000, 40), [4096]),
    "thinking of a megabyte": cut(completion_stream("<think>" + "plan `x\n" * 120_000, 90), [4096]),
    "signs": cut(completion_stream("```\n<think>" * 90_000, 90), [4096]),
    "one piece over and over": cut(events(*[delta(FILL)] * 12_000), [4096]),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", HOSTILE)
def test_listening_takes_a_bounded_time(name):
    # A second for what may be shown, and the reading of the events.
    assert cpu(lambda: heard("openai", EVENTS, HOSTILE[name]), 4.0) < 4.0


@pytest.mark.slow
@given(st.binary(max_size=400), SIZES, st.sampled_from([*STREAMS]))
def test_any_bytes_can_be_heard(body, sizes, stream):
    backend, kind, _ = stream
    body = body * 20
    told = heard(backend, kind, cut(body, sizes))
    try:
        whole = final(backend, kind, body)
    except AssistantError:
        return
    assert all(whole.startswith(one) for one in told)


class Deaf(Audience):
    """Hears something once, and then breaks in one way or another."""

    def __init__(self, error):
        super().__init__()
        self.error, self.failures = error, []

    def hear(self, text):
        super().hear(text)
        if text:
            raise self.error

    def fail(self, error):
        self.failures.append(error)


def hear_all(hearing):
    for part in cut(completion_stream(LONG), [100]):
        hearing.take(EVENTS, part)


@pytest.mark.parametrize("error", [ValueError("x"), RecursionError(), MemoryError(), OSError(24)])
def test_a_listener_that_breaks_hears_no_more_and_is_told_once(error):
    deaf = Deaf(error)
    hearing = Hearing(deaf, OPENERS["openai"], thinks_unsaid=False)
    hear_all(hearing)
    assert (len(deaf.heard), deaf.failures) == (2, [error])


@pytest.mark.parametrize("error", [StoppedError("no more"), StoreError("away")])
def test_an_error_of_the_gateway_is_for_whoever_asks(error):
    deaf = Deaf(error)
    hearing = Hearing(deaf, OPENERS["openai"], thinks_unsaid=False)
    with pytest.raises(type(error)):
        hear_all(hearing)
    assert deaf.failures == []
