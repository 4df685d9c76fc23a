"""What people write in pieces, on a whole gateway with its own queue."""

import time
from contextlib import contextmanager

import pytest

from lib.turn.respond import handle_push
from tests.local_gateway import ANN, local_gateway

BOB = "+15550002222"
LISTED = "📋 Available Assistants:\n• Default Assistant (default-assistant)"


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, "assistants: {default-assistant: {}}", bursts=True) as ready:
        yield ready


@contextmanager
def queued(table):
    """Hold the gateway's queue back while the block runs, and then drain it until it is empty."""
    queue, responder = table.gateway.local_queue(), table.gateway.responder()
    yield lambda text, sender=ANN: queue.publish(table.message(text, sender))
    queue.start(lambda body: 204 if handle_push(body, responder) else 503)
    try:
        deadline = time.monotonic() + 60
        while queue.depth():
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        queue.stop()


def heard(table, sender=ANN):
    """What the demo assistant repeats of each question."""
    return [said.partition("You said:\n\n")[2].partition("\n\n")[0] for said in table.sent(sender)]


def test_pieces_written_one_after_another_are_answered_once(table):
    with queued(table) as write:
        for text in ("hi", "can you tell me", "what you hear?"):
            write(text)
    assert heard(table) == ["hi\ncan you tell me\nwhat you hear?"]
    # The next question is one of its own, and the whole of the one before is remembered.
    with queued(table) as write:
        write("And now, what do you hear?")
    assert heard(table)[1:] == ["And now, what do you hear?"]
    assert "I remember 1 earlier question" in table.sent()[1]


def test_whole_sentences_are_answered_one_by_one(table):
    with queued(table) as write:
        write("What do you hear?")
    with queued(table) as write:
        write("And now?")
    assert heard(table) == ["What do you hear?", "And now?"]


def test_a_command_comes_after_what_was_written_before_it(table):
    with queued(table) as write:
        for text in ("hi", "can you", "/list", "tell me"):
            write(text)
    assert heard(table) == ["hi\ncan you", "", "tell me"]
    assert table.sent()[1] == LISTED


def test_nothing_of_two_people_is_mixed(table):
    with queued(table) as write:
        for number in range(3):
            write(f"ann {number}")
            write(f"bob {number}", BOB)
    assert heard(table) == ["ann 0\nann 1\nann 2"]
    assert heard(table, BOB) == ["bob 0\nbob 1\nbob 2"]
