"""Assistants that write while somebody reads, over HTTP, in the forms of both APIs."""

import json
import socket
import threading
import time

import pytest
import requests

from simulator.assistants.app import create_app
from simulator.assistants.demo import Demo
from simulator.server import serve
from tests.processes import ROOT, wait_for

EVENTS, TEXT, WHOLE = "/vac/assistant/{}/sse", "/vac/streaming/{}", "/vac/assistant/{}"
OPENAI = "/v1/chat/completions"
FORMS = [EVENTS, TEXT, OPENAI]


class Assistants:
    def __init__(self, url):
        self.url = url

    def post(self, name, route, question="Hm?", **more):
        if route == OPENAI:
            messages = [{"role": "user", "content": question}]
            body = {"model": name, "messages": messages, "stream": True, **more}
        else:
            body = {"user_input": question}
        return requests.post(self.url + route.format(name), json=body, stream=True, timeout=10)

    def read(self, name, route, question="Hm?", **more):
        """Return all that came, and whether the connection was lost before its end."""
        answer, came = self.post(name, route, question, **more), b""
        assert answer.status_code == 200
        try:
            for piece in answer.iter_content(None):
                came += piece
        except requests.RequestException:
            return came.decode(), True
        return came.decode(), False

    def heard(self, name, route, question="Hm?", **more):
        """Return what was said piece by piece, and the answer of the end, where there is one."""
        return understood(self.read(name, route, question, **more)[0], route)

    def streams(self, name):
        found = requests.get(f"{self.url}/simulator/streams", timeout=5).json()["streams"]
        return [one for one in found if one["assistant"] == name]


def documents(came):
    lines = [line[6:] for line in came.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def understood(came, route):
    if route == TEXT:
        text, brace, tail = came.rpartition('{"answer"')
        return (text, json.loads(brace + tail)["answer"]) if brace else (came, None)
    if route == EVENTS:
        events = documents(came)
        answers = [one["answer"] for one in events if "answer" in one]
        return "".join(one.get("chunk", "") for one in events), answers[-1] if answers else None
    choices = [one["choices"][0] for one in documents(came) if one.get("choices")]
    said = "".join(one.get("delta", {}).get("content", "") for one in choices)
    messages = [one["message"]["content"] for one in choices if "message" in one]
    return said, messages[-1] if messages else None


@pytest.fixture(scope="module")
def assistants():
    with serve(create_app(Demo(ROOT, seconds=0.2))) as server:
        yield Assistants(server.url)


@pytest.mark.parametrize("route", FORMS)
def test_a_slow_one_writes_all_it_was_asked_for_and_ends_well(assistants, route):
    said, answer = assistants.heard("stream-slow-900-0", route)
    assert len(said) == 900
    assert said.startswith("This is sentence 1;")
    assert said.endswith("End.")
    assert answer in {said, None}


def test_the_pace_is_that_of_its_name_unless_the_question_names_one(assistants):
    def seconds(name, question):
        begun = time.monotonic()
        assert len(assistants.heard(name, EVENTS, question)[0]) == 200
        return time.monotonic() - begun

    # Two hundred characters are fifty tokens. What a slow machine adds makes no test fail.
    assert seconds("stream-slow-200-100", "Hm?") >= 0.5
    assert seconds("stream-slow-9000-1", "200 at 100") >= 0.5
    assert seconds("stream-slow-9000-1", "200 at 0") < 40


def test_a_question_that_only_holds_numbers_decides_nothing(assistants):
    for question in ("page 5", "5 pages", "are 5 at 7"):
        assert len(assistants.heard("stream-slow-200-0", EVENTS, question)[0]) == 200


def test_pieces_come_while_it_still_writes(assistants):
    answer = assistants.post("stream-endless-0-0", EVENTS)
    pieces = answer.iter_content(None)
    assert b"chunk" in next(pieces)
    assert [one["ending"] for one in assistants.streams("stream-endless-0-0")] == ["open"]
    answer.close()


def test_a_completion_tells_its_usage_only_if_asked(assistants):
    came, _ = assistants.read("stream-slow-400-0", OPENAI)
    assert not any("usage" in one for one in documents(came))
    came, _ = assistants.read("stream-slow-400-0", OPENAI, stream_options={"include_usage": True})
    *others, last = documents(came)
    assert [one["usage"] for one in others] == [None] * len(others)
    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 0, "completion_tokens": 100, "total_tokens": 100}
    assert others[-1]["choices"][0]["finish_reason"] == "stop"
    assert came.endswith("data: [DONE]\n\n")


def test_a_completion_that_is_no_stream_comes_whole(assistants):
    body = {"model": "writer", "messages": [{"role": "user", "content": "300"}]}
    answer = requests.post(assistants.url + OPENAI, json=body, timeout=5).json()
    assert answer["object"] == "chat.completion"
    assert "300 characters" in answer["choices"][0]["message"]["content"]
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["completion_tokens"] == 75


@pytest.mark.parametrize("route", FORMS)
def test_a_cut_one_loses_the_connection(assistants, route):
    came, is_lost = assistants.read("stream-cut-500-0", route)
    assert is_lost
    said, answer = understood(came, route)
    assert (len(said), answer) == (500, None)


@pytest.mark.parametrize("route", FORMS)
def test_an_unfinished_one_ends_as_if_that_were_all(assistants, route):
    came, is_lost = assistants.read("stream-unfinished-500-0", route)
    assert not is_lost
    assert "[DONE]" not in came
    assert "stop" not in came
    said, answer = understood(came, route)
    assert (len(said), answer) == (500, None)


@pytest.mark.parametrize(
    ("route", "words"),
    [(EVENTS, '"error": "Traceback'), (TEXT, "Streaming Error: "), (OPENAI, '"server_error"')],
)
def test_a_broken_one_fails_after_its_length_in_the_words_of_its_protocol(assistants, route, words):
    came, is_lost = assistants.read("stream-broken-5000-0", route)
    assert not is_lost
    assert words in came
    assert "[DONE]" not in came
    assert len(understood(came.partition("Streaming Error: ")[0], route)[0]) == 5000


@pytest.mark.parametrize("route", FORMS)
def test_another_answer_comes_at_each_attempt_and_names_it(assistants, route):
    question = f"How often by {route}?"
    first, _ = assistants.heard("stream-differs-600-0", route, question)
    second, _ = assistants.heard("stream-differs-600-0", route, question)
    other, _ = assistants.heard("stream-differs-600-0", route, f"{question} Another.")
    assert first == other != second
    assert first.count("attempt 1,") == second.count("attempt 2,") > 5


@pytest.mark.parametrize("route", FORMS)
def test_pieces_are_repeated_or_the_whole_comes_again(assistants, route):
    said, answer = assistants.heard("stream-repeats-400-0", route)
    assert said.startswith("ThisThis is  is")
    assert len(said) == 800
    twice, whole = assistants.heard("stream-twice-400-0", route)
    assert twice == twice[:400] * 2
    assert {answer, whole} == ({None} if route == OPENAI else {twice[:400]})


@pytest.mark.parametrize("route", FORMS)
def test_the_answer_of_the_end_contradicts_the_pieces_or_says_them_again(assistants, route):
    said, answer = assistants.heard("stream-contradicts-400-0", route)
    assert len(said) == 400
    assert answer == "This is another answer than the one that was heard."
    said, answer = assistants.heard("stream-message-400-0", route)
    assert said == answer


def test_usage_comes_without_a_word(assistants):
    came, _ = assistants.read("stream-usage", OPENAI, stream_options={"include_usage": True})
    (only,) = documents(came)
    assert only["choices"] == []
    assert only["usage"]["completion_tokens"] == 0
    assert assistants.heard("stream-usage", EVENTS) == ("", "")
    assert assistants.heard("stream-usage", TEXT) == ("", "")


def test_bytes_drip_even_out_of_the_middle_of_an_event(assistants):
    pieces = assistants.post("stream-drip-40-500", EVENTS).iter_content(None)
    assert next(pieces) == b"d"
    assert b"[DONE]" in b"".join(pieces)


def test_a_thought_begins_where_the_third_part_would_be(assistants):
    said, _ = assistants.heard("stream-thinks-late-6000-0", OPENAI)
    place = said.index("<thinking>")
    assert 3200 < place < 3600
    assert "</thinking>" in said
    assert said.endswith("End.")


def test_documents_have_blocks_where_they_are_cut_and_links_at_their_end(assistants):
    said, _ = assistants.heard("stream-blocks-0-0", OPENAI)
    assert said.index("| name |") < 1600 < said.index("| row 15 |")
    assert said.index("- entry 1 ") < said.index("- entry 20 ")
    assert said.index("```python\n") < said.rindex("\n```")
    said, _ = assistants.heard("stream-references-3000-0", OPENAI)
    assert said.index("[its source][one]") < 100
    assert said.rindex("[one]: https://example.com/one") >= 3000


@pytest.mark.parametrize("route", FORMS)
def test_a_client_that_closes_is_noticed_and_accounted_for(assistants, route):
    name = f"stream-slow-4000-{FORMS.index(route) + 1}"
    slow = assistants.post(name, route)
    next(slow.iter_content(1))
    slow.close()
    wait_for(lambda: assistants.streams(name)[-1]["ending"] != "open")
    (stream,) = assistants.streams(name)
    assert stream["ending"] == "closed by the client"
    assert 4 <= stream["characters"] < 4000


def test_a_client_that_closes_is_noticed_before_anything_is_written(assistants):
    # Whole, it is there after a quarter of an hour: no write can tell that nobody reads.
    url = assistants.url + WHOLE.format("stream-slow-3999-1")
    with pytest.raises(requests.Timeout):
        requests.post(url, json={"user_input": "Hm?"}, timeout=0.3)
    wait_for(lambda: assistants.streams("stream-slow-3999-1")[-1]["ending"] != "open")
    (stream,) = assistants.streams("stream-slow-3999-1")
    assert stream["ending"] == "closed by the client"


def test_the_account_of_each_answer_can_be_read_and_forgotten(assistants):
    assistants.heard("stream-slow-100-0", OPENAI, "What?")
    assistants.read("stream-cut-200-0", EVENTS, "What?")
    assistants.heard("stream-broken-300-0", TEXT, "What?")
    kept = [
        *assistants.streams("stream-slow-100-0"),
        *assistants.streams("stream-cut-200-0"),
        *assistants.streams("stream-broken-300-0"),
    ]
    assert [(one["form"], one["characters"], one["ending"], one["attempt"]) for one in kept] == [
        ("CompletionEvents", 100, "finished", 1),
        ("Events", 200, "cut", 1),
        ("Text", 300, "failed", 1),
    ]
    assert {one["question"] for one in kept} == {"What?"}
    assert requests.delete(f"{assistants.url}/simulator/streams", timeout=5).status_code == 204
    assert assistants.streams("stream-slow-100-0") == []


@pytest.mark.parametrize(
    ("question", "length", "ending"),
    [
        ("slow 300 at 0", 300, "finished"),
        ("Cut 250 at 0", 250, "cut"),
        ("broken at 0", 5000, "failed"),
        ("twice 400 at 0", 800, "finished"),
    ],
)
def test_one_is_told_by_the_question_what_to_do(assistants, question, length, ending):
    assistants.read("stream", OPENAI, question)
    (stream,) = [one for one in assistants.streams("stream") if one["question"] == question]
    assert (stream["characters"], stream["ending"]) == (length, ending)


@pytest.mark.parametrize("question", ["Hm?", "", "5000", "at 50", "nonsense 5 at 5", "slow down"])
def test_one_that_is_not_told_what_to_do_says_what_it_can(assistants, question):
    said, _ = assistants.heard("stream", OPENAI, question)
    assert "`thinks-late`" in said


@pytest.mark.parametrize("name", ["stream-nonsense", "stream-slow-1-2-3", "stream-", "streams"])
def test_a_name_that_is_none_of_these_gets_an_echo(assistants, name):
    assert "I only repeat" in assistants.heard(name, EVENTS)[1]


@pytest.mark.parametrize("route", FORMS)
def test_the_writer_writes_in_a_stream_as_fast_as_it_is_asked_to(assistants, route):
    begun = time.monotonic()
    said, _ = assistants.heard("writer", route, "200 at 100")
    assert time.monotonic() - begun >= 0.45
    assert len(said) == 200
    assert said.endswith("End.")


@pytest.mark.parametrize("name", ["default-assistant", "formatting", "thinker", "writer"])
def test_the_demo_assistants_say_in_a_stream_what_they_say_at_once(assistants, name):
    said, _ = assistants.heard(name, OPENAI, "120 at 1000")
    body = {"user_input": "120 at 1000"}
    whole = requests.post(assistants.url + WHOLE.format(name), json=body, timeout=5).json()
    assert said == whole["answer"]


@pytest.mark.parametrize(
    "name", ["stream-slow-8000-1", "stream-drip", "stream-endless", "mood-hang"]
)
def test_a_server_that_closes_leaves_no_thread_behind(name):
    before = set(threading.enumerate())
    server = serve(create_app())
    body = b'{"user_input": "Hm?"}'
    head = f"POST /vac/assistant/{name}/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
        client.sendall((head + kind).encode() + body)
        # One that serves, one that answers.
        wait_for(lambda: len(set(threading.enumerate()) - before) == 2)
        server.close()
        assert set(threading.enumerate()) <= before
