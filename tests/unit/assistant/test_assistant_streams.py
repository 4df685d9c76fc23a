"""Both clients against servers that stream, well and badly, over real connections."""

import contextlib
import json
import threading
import time

import pytest

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.assistant.vac import VacAssistant
from lib.errors import (
    AssistantError,
    AssistantOversizeError,
    AssistantRefusedError,
    AssistantTimeoutError,
)
from lib.model import Assistant, Question, TokenUsage
from lib.ports.listener import Silence
from lib.stopping import StoppedError
from tests.heard import Audience
from tests.peer import answer, hang_up, peer, say_nothing
from tests.processes import wait_for

pytestmark = pytest.mark.slow

QUESTION = Question("What is it?", "a@b", "s", "t")
LONG = "It is a long answer, which goes on and on.\n\n" * 120
SECONDS = 30.0
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS, TEXT = HEAD.format("text/event-stream").encode(), HEAD.format("text/plain").encode()


def asking(there, backend, timeout=SECONDS, model="m"):
    """What asks the peer: one client for all calls, as in a process."""
    kind = {"openai": OpenAIAssistant, "vac": VacAssistant}[backend]
    client = kind(Endpoint(there.url, "none"), timeout=timeout, secret={}.__getitem__)
    assistant = Assistant("a", "A", backend=backend, settings={"model": model})
    return lambda listener: client.ask(assistant, QUESTION, listener)


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def event(document):
    said = document if isinstance(document, str) else json.dumps(document)
    return f"data: {said}\n\n".encode()


def delta(text, ending=None):
    return event({"choices": [{"delta": {"content": text}, "finish_reason": ending}]})


USAGE = event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 9}})
END = [delta("", "stop"), USAGE, event("[DONE]")]
BACKENDS = {
    "openai": (EVENTS, delta, b"".join(END)),
    "vac": (
        EVENTS,
        lambda text: event({"chunk": text}),
        event({"answer": LONG}) + event("[DONE]"),
    ),
    "text": (TEXT, str.encode, json.dumps({"answer": LONG}).encode()),
}


def pieces(text, size=44):
    return [text[n : n + size] for n in range(0, len(text), size)]


def stream(backend, text=LONG):
    """A whole response, its pieces as small as servers send them."""
    head, piece, end = BACKENDS[backend]
    return head + b"".join(chunk(piece(one)) for one in pieces(text)) + chunk(end) + b"0\r\n\r\n"


def backend_of(kind):
    return "openai" if kind == "openai" else "vac"


@pytest.mark.parametrize("kind", BACKENDS)
def test_an_answer_is_heard_before_it_is_written(kind):
    head, piece, end = BACKENDS[kind]
    been_heard = threading.Event()

    def slow(connection):
        connection.sendall(head)
        for one in pieces(LONG[:2000]):
            connection.sendall(chunk(piece(one)))
        assert been_heard.wait(SECONDS)
        for one in pieces(LONG[2000:]):
            connection.sendall(chunk(piece(one)))
        connection.sendall(chunk(end) + b"0\r\n\r\n")

    audience = Audience(1000, been_heard.set)
    with peer(slow) as there:
        assert asking(there, backend_of(kind))(audience).text.strip() == LONG.strip()
    assert LONG.startswith(audience.last)
    assert audience.heard[0] == ""


def test_a_completion_is_asked_for_in_pieces_and_with_what_it_takes():
    with peer(stream("openai")) as there:
        assert asking(there, "openai")(Silence()).tokens == TokenUsage(7, 9)
        asked = json.loads(there.requests[0].partition(b"\r\n\r\n")[2])
    assert asked["stream"] is True
    assert asked["stream_options"] == {"include_usage": True}


CHOICE = {"message": {"content": "Yes."}, "finish_reason": "stop"}
TOLD = {"prompt_tokens": 7, "completion_tokens": 9, "total_tokens": 16}


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (TOLD, TokenUsage(7, 9)),
        ({**TOLD, "prompt_tokens": 0}, TokenUsage(0, 9)),
        (None, None),
        ([], None),
        ("7", None),
        ({"prompt_tokens": 7}, None),
        ({**TOLD, "completion_tokens": -1}, None),
        ({**TOLD, "completion_tokens": True}, None),
        ({**TOLD, "completion_tokens": 10**30}, None),
        ({**TOLD, "completion_tokens": "9"}, None),
    ],
)
def test_tokens_are_told_in_a_whole_reply_and_with_a_last_piece_too(usage, tokens):
    whole = json.dumps({"choices": [CHOICE], "usage": usage}).encode()
    last = {"choices": [{"delta": {"content": "Yes."}, "finish_reason": "stop"}], "usage": usage}
    piece = EVENTS + chunk(event(last)) + b"0\r\n\r\n"
    with peer(answer(200, whole, "Content-Type: application/json"), piece) as there:
        ask = asking(there, "openai")
        for _ in range(2):
            said = ask(Audience())
            assert (said.text, said.tokens) == ("Yes.", tokens)


def test_of_tokens_that_are_told_again_and_again_the_last_count():
    told = [
        {"choices": [{"delta": {"content": "a"}}], "usage": {**TOLD, "completion_tokens": n}}
        for n in range(5)
    ]
    body = b"".join(map(event, told)) + delta("", "stop")
    with peer(EVENTS + chunk(body) + b"0\r\n\r\n") as there:
        said = asking(there, "openai")(Silence())
    assert (said.text, said.tokens) == ("aaaaa", TokenUsage(7, 4))


def refusal(status, words):
    return answer(status, json.dumps({"error": words}).encode())


OPTIONS = refusal(400, {"message": "Unknown parameter: 'stream_options'."})
UNVERIFIED = refusal(400, {"message": "not verified to stream this model", "param": "stream"})
WHOLE = answer(200, json.dumps({"choices": [CHOICE]}).encode(), "Content-Type: application/json")


def forms(there):
    """Of each request, whether it asked for pieces and for what they take."""
    asked = [json.loads(one.partition(b"\r\n\r\n")[2]) for one in there.requests]
    return [(one.get("stream", False), "stream_options" in one) for one in asked]


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_does_not_know_the_options_is_asked_without_them_from_then_on(status):
    with peer(refusal(status, "stream_options: extra"), stream("openai")) as there:
        ask = asking(there, "openai")
        assert ask(Silence()).text.strip() == LONG.strip()
        ask(Silence())
        assert forms(there) == [(True, True), (True, False), (True, False)]


def test_a_server_that_does_not_stream_is_asked_for_the_whole_from_then_on():
    with peer(OPTIONS, UNVERIFIED, WHOLE) as there:
        ask = asking(there, "openai")
        assert [ask(Silence()).text for _ in "12"] == ["Yes.", "Yes."]
        assert forms(there) == [(True, True), (True, False), (False, False), (False, False)]
    with peer(UNVERIFIED, WHOLE) as there:
        assert asking(there, "openai")(Silence()).text == "Yes."
        assert forms(there) == [(True, True), (False, False)]


@pytest.mark.parametrize(
    ("refused", "requests"),
    [
        (refusal(400, "no such model"), 1),
        (refusal(404, "stream_options"), 1),
        (refusal(500, "stream_options"), 1),
        (refusal(429, "stream"), 1),
        (refusal(400, "stream_options"), 2),
        (refusal(400, "stream, stream_options"), 3),
    ],
)
def test_any_other_refusal_is_one_and_no_question_is_asked_for_ever(refused, requests):
    with peer(refused) as there:
        ask = asking(there, "openai")
        for _ in range(2):  # nothing is learnt from a question that never got an answer
            there.requests.clear()
            with pytest.raises(AssistantError):
                ask(Silence())
            assert len(there.requests) == requests


def test_all_forms_of_a_question_have_one_deadline():
    def late(connection):
        time.sleep(0.3)
        connection.sendall(OPTIONS)

    with peer(late, say_nothing) as there:
        started = time.monotonic()
        with pytest.raises(AssistantTimeoutError):
            asking(there, "openai", 0.6)(Silence())
        assert time.monotonic() - started < SECONDS / 2
        assert len(there.requests) <= 2


@pytest.mark.parametrize("kind", BACKENDS)
def test_whoever_listens_can_end_it_and_its_connection_is_closed(kind):
    head, piece, _ = BACKENDS[kind]

    def endless(connection):
        connection.sendall(head)
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(chunk(piece(LONG[:88])))
                time.sleep(0.01)

    def raised():
        raise StoppedError

    with peer(endless) as there:
        with pytest.raises(StoppedError):
            asking(there, backend_of(kind))(Audience(300, raised))
        wait_for(lambda: there.open_connections() == 0)


@pytest.mark.parametrize("beginning", [b"", EVENTS, EVENTS + chunk(delta("It is"))])
@pytest.mark.parametrize("backend", ["openai", "vac"])
def test_an_order_to_stop_closes_the_connection_whatever_is_waited_for(backend, beginning):
    audience, reached = Audience(), threading.Event()

    def silent(connection):
        connection.sendall(beginning)
        reached.set()
        say_nothing(connection)

    def give():
        reached.wait(SECONDS)
        audience.stop.give()

    with peer(silent) as there:
        threading.Thread(target=give, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(StoppedError):
            asking(there, backend)(audience)
        assert time.monotonic() - started < SECONDS / 2
        wait_for(lambda: there.open_connections() == 0)


def test_who_is_stopped_before_asking_asks_nobody():
    audience = Audience()
    audience.stop.give()
    with peer(stream("openai")) as there:
        for backend in ("openai", "vac"):
            with pytest.raises(StoppedError):
                asking(there, backend)(audience)
        assert there.requests == []


def dripping(head, piece):
    def drip(connection):
        connection.sendall(head)
        with contextlib.suppress(OSError):
            for byte in piece(LONG):
                connection.sendall(chunk(bytes([byte])))
                time.sleep(0.05)

    return drip


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_stream_that_drips_ends_at_the_deadline(kind):
    head, piece, _ = BACKENDS[kind]
    with peer(dripping(head, piece)) as there:
        started = time.monotonic()
        with pytest.raises(AssistantTimeoutError):
            asking(there, backend_of(kind), 0.6)(Audience())
        assert time.monotonic() - started < SECONDS / 2


@pytest.mark.parametrize("piece", [delta(LONG), delta("word " * 40), b": ping\n\n", b"data: x"])
def test_a_stream_that_never_ends_is_too_large(piece):
    def endless(connection):
        connection.sendall(EVENTS)
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(chunk(piece * (60_000 // len(piece))))

    with peer(endless) as there, pytest.raises(AssistantOversizeError):
        asking(there, "openai", 100)(Audience())


def test_a_long_answer_in_small_pieces_is_no_stream_that_never_ends():
    padding = {"id": "chatcmpl-1", "model": "m" * 200, "system_fingerprint": "fp" * 40}
    text = "word " * 6000
    body = b"".join(
        event({**padding, "choices": [{"delta": {"content": one}}]}) for one in pieces(text, 5)
    )
    assert len(body) > 2 * 1024 * 1024
    with peer(EVENTS + chunk(body + b"".join(END)) + b"0\r\n\r\n") as there:
        assert asking(there, "openai")(Silence()).text.strip() == text.strip()


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_stream_that_is_cut_is_no_answer_though_it_was_heard(kind):
    head, piece, _ = BACKENDS[kind]

    def cut(connection):
        connection.sendall(head + b"".join(chunk(piece(one)) for one in pieces(LONG)))
        hang_up(connection)

    audience = Audience()
    with peer(cut) as there, pytest.raises(AssistantError):
        asking(there, backend_of(kind))(audience)
    assert len(audience.last) > 3000


@pytest.mark.parametrize("backend", ["openai", "vac"])
def test_a_stream_that_ends_in_good_order_without_its_last_word_is_no_answer(backend):
    head, piece, _ = BACKENDS[backend]
    body = head + b"".join(chunk(piece(one)) for one in pieces(LONG)) + b"0\r\n\r\n"
    with peer(body) as there, pytest.raises(AssistantError):
        asking(there, backend)(Audience())


@pytest.mark.parametrize("kind", BACKENDS)
def test_an_error_after_five_thousand_characters_is_one(kind):
    head, piece, end = BACKENDS[kind]
    failure = b"Streaming Error: secret" if kind == "text" else event({"error": {"message": "no"}})
    body = b"".join(chunk(piece(one)) for one in pieces(LONG))
    audience = Audience()
    with (
        peer(head + body + chunk(failure + end) + b"0\r\n\r\n") as there,
        pytest.raises(AssistantError),
    ):
        asking(there, backend_of(kind))(audience)
    assert LONG.startswith(audience.last)


@pytest.mark.parametrize("kind", ["vac", "text"])
def test_an_answer_that_contradicts_its_pieces_wins(kind):
    head, piece, end = BACKENDS[kind]
    other = "Something else.\n" * 100
    body = b"".join(chunk(piece(one)) for one in pieces(other))
    with peer(head + body + chunk(end) + b"0\r\n\r\n") as there:
        assert asking(there, "vac")(Audience()).text.strip() == LONG.strip()


def test_a_model_whose_thinking_began_unsaid_is_known_from_then_on():
    text = f"SECRET plan.\n{LONG}</think>{LONG}"
    with peer(stream("openai", text)) as there:
        ask = asking(there, "openai")
        assert ask(Silence()).text.strip() == LONG.strip()
        audience = Audience()
        ask(audience)
        assert len(audience.last) > 3000
        assert not any("SECRET" in one for one in audience.heard)
        audience = Audience()
        asking(there, "openai", model="deepseek-r1:8b")(audience)
        assert not any("SECRET" in one for one in audience.heard)


def test_a_refusal_of_who_asks_is_told_and_not_heard():
    audience = Audience()
    body = json.dumps({"error": LONG}).encode()
    with (
        peer(answer(401, body, "Content-Type: text/event-stream")) as there,
        pytest.raises(AssistantRefusedError),
    ):
        asking(there, "openai")(audience)
    assert audience.heard == []
