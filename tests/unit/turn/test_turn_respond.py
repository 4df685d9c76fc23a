"""The responder's use case on real SQLite, with the stand-ins behind real HTTP."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import AssistantOversizeError, AssistantTimeoutError, StoreError
from lib.model import Answer, Choice, MessageKind, QueueDelivery, TurnState
from lib.queue.envelope import encode
from lib.reply import texts
from lib.reply.rendering import MOST_CHUNKS
from lib.storage.sqlite.table import Table
from lib.storage.stores import stores_on
from lib.turn import moves
from lib.turn.answer import MOST_ATTEMPTS
from lib.turn.dead_letter import keep
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway
from tests.sentences import HELP
from tests.turns import started
from tests.watched import WatchedDocuments


class Answering:
    """An assistant that does what it is told; ``asked`` are the questions it got."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.asked = []

    def ask(self, assistant, question, listener):
        self.asked.append(question)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        yield ready


def with_client(table, client):
    return replace(table.gateway.responder(), clients={"vac": client})


def stored(table, collection):
    with table.gateway.database().reading() as connection:
        return dict(Table(connection).all(collection))


def claimed(table, message, **fields):
    """A turn as an earlier worker left it."""
    stores = table.gateway.stores()
    turn, ours = stores.turns.claim(
        started(message, encode(message)[0].decode(), message.received_at, message.received_at)
    )
    assert ours
    return stores.turns.commit(replace(turn, lease_until=message.received_at, **fields))


def test_a_second_worker_asks_for_redelivery_while_the_first_one_works(table):
    message = table.message("Hello")
    started, finish = threading.Event(), threading.Event()

    class Slow:
        def ask(self, assistant, question, listener):
            started.set()
            finish.wait(10)
            return Answer("Hi")

    delivery = QueueDelivery(message)
    first = threading.Thread(target=respond, args=(delivery, with_client(table, Slow())))
    first.start()
    started.wait(10)
    second = Answering()
    assert respond(delivery, with_client(table, second)) is False
    finish.set()
    first.join()
    assert respond(delivery, with_client(table, second)) is True
    assert second.asked == []
    assert table.sent() == ["Hi"]


def test_an_accident_while_answering_lets_the_next_delivery_try_at_once(table):
    delivery = QueueDelivery(table.message("Hello"))
    clumsy = with_client(table, Answering(RuntimeError("a bug of ours"), Answer("Hi")))
    with pytest.raises(RuntimeError):
        respond(delivery, clumsy)
    assert respond(delivery, clumsy) is True
    assert table.sent() == ["Hi"]


def test_a_message_that_fails_again_and_again_is_given_up_with_an_apology(table):
    message = table.message("Hello")
    claimed(table, message, attempt=MOST_ATTEMPTS)
    assert respond(QueueDelivery(message), with_client(table, Answering())) is True
    assert table.sent() == [texts.GIVEN_UP]
    letter = stored(table, "dead_letters")[message.id]
    assert letter["reason"] == "answering_failed"
    assert letter["payload"] == encode(message)[0].decode()


def test_a_message_older_than_the_session_window_is_buried_unanswered(table):
    long_ago = table.gateway.responder().clock() - moves.SESSION_WINDOW - timedelta(minutes=1)
    message = replace(table.message("Hello"), received_at=long_ago)
    claimed(table, message)
    assert respond(QueueDelivery(message), with_client(table, Answering())) is True
    assert table.sent() == []
    assert stored(table, "dead_letters")[message.id]["reason"] == "expired"
    assert stored(table, "whatsapp_turns")[message.id]["state"] == TurnState.DEAD


def test_a_push_that_cannot_be_read_is_kept_once(table):
    parts = table.gateway.responder()
    for _ in range(2):
        keep(b"\xff garbage" * 50_000, "envelope: the push is not JSON", parts)
    (letter,) = stored(table, "dead_letters").values()
    assert letter["reason"] == "envelope: the push is not JSON"
    assert len(letter["payload"]) <= 100_000


def test_a_store_that_is_away_is_no_reason_to_answer(table):
    def away(operation, key):
        raise StoreError("away")

    client = Answering(Answer("Hi"))
    responder = with_client(table, client)
    documents = WatchedDocuments(table.gateway.sqlite().documents, away)
    with pytest.raises(StoreError):
        respond(
            QueueDelivery(table.message("Hello")),
            replace(responder, stores=stores_on(documents, responder.clock)),
        )
    assert client.asked == []


def test_the_assistant_gets_the_last_pairs_and_never_the_current_message(table):
    client = Answering(*(Answer(f"a{n}", "secret thought") for n in range(7)))
    for number in range(7):
        respond(QueueDelivery(table.message(f"q{number}")), with_client(table, client))
    last = client.asked[-1]
    assert last.text == "q6"
    assert [(pair.question, pair.answer) for pair in last.history] == [
        (f"q{n}", f"a{n}") for n in range(1, 6)
    ]
    assert last.email == f"{ANN}@whatsapp.user"
    assert last.session_id == f"whatsapp-{ANN}"


def test_a_failed_answer_is_no_part_of_the_history_an_assistant_gets(table):
    class Failing:
        def ask(self, assistant, question, listener):
            raise AssistantTimeoutError("late")

    respond(QueueDelivery(table.message("q1")), with_client(table, Failing()))
    client = Answering(Answer("a2"))
    respond(QueueDelivery(table.message("q2")), with_client(table, client))
    assert table.sent() == [texts.TIMED_OUT, "a2"]
    assert client.asked[0].history == ()


def test_history_keeps_both_sides_and_the_thinking_apart(table):
    message = table.message("q1")
    respond(QueueDelivery(message), with_client(table, Answering(Answer("**a1**", "hm"))))
    entries = stored(table, "messages")
    asked, answered = entries[f"{message.id}-user"], entries[f"{message.id}-assistant"]
    assert (asked["content"], answered["content"]) == ("q1", "**a1**")
    assert (asked["thinking"], answered["thinking"]) == ("", "hm")
    assert asked["source"] == answered["source"] == "whatsapp"
    assert asked["trace_id"] == answered["trace_id"] == f"whatsapp-{message.id}"
    assert table.sent() == ["*a1*"]


def test_an_answer_nobody_would_read_to_its_end_is_cut_and_says_so(table):
    endless = Answering(Answer("\n\n".join("word " * 300 for _ in range(MOST_CHUNKS + 20))))
    respond(QueueDelivery(table.message("long")), with_client(table, endless))
    sent = table.sent()
    assert len(sent) == MOST_CHUNKS + 1
    assert sent[-1] == texts.SHORTENED


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AssistantOversizeError("large"), texts.OVERSIZE),
        (MemoryError(), texts.FAILED),
        (RecursionError(), texts.FAILED),
    ],
)
def test_a_reply_that_cannot_be_read_is_told_and_nobody_is_asked_again(table, error, said):
    unreadable = Answering(error)
    message = QueueDelivery(table.message("x"))
    for _ in range(2):
        assert respond(message, with_client(table, unreadable))
    assert table.sent() == [said]
    assert len(unreadable.asked) == 1


def test_an_answer_of_marks_only_is_an_empty_one(table):
    respond(QueueDelivery(table.message("x")), with_client(table, Answering(Answer("<b></b>"))))
    assert table.sent() == [texts.EMPTY]


def test_an_assistant_of_an_unknown_kind_is_told_as_not_reachable(table):
    respond(QueueDelivery(table.message("x")), replace(table.gateway.responder(), clients={}))
    assert table.sent() == [texts.REFUSED]


def test_a_tapped_command_is_carried_out(table):
    chosen = table.message("Help", kind=MessageKind.CHOICE, choice=Choice("/help", "Help"))
    assert table.hand_over(chosen)
    assert table.sent() == [HELP]
