"""Conversations in which somebody wants no answer any more: /cancel, and the words for it."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Event

import pytest

from lib.inbound.receive import receive
from lib.model import (
    Answer,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    QueueDelivery,
    TurnState,
)
from lib.queue.envelope import encode
from lib.queue.push import push_body
from lib.storage.sqlite.table import Table
from lib.turn.dead_letter import give_up
from lib.turn.replay import replay
from lib.turn.respond import handle_push, respond
from lib.twilio.signature import Verifier
from tests.local_gateway import ANN, local_gateway
from tests.processes import wait_for
from tests.sample import posted, sid

STOPPED = "Stopped. What the assistant had already done stays done."
NOTHING = "Nothing was running."
OPTED_OUT = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
OPTED_IN = "✅ You get messages from me again. Send STOP at any time to end that."
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
BLOCKED = "You can't use this service. Please ask the people who run it."
GIVEN_UP = "I'm sorry, I could not answer your last message. Please send it again."
BOB = "+15550002222"
EVE = "+15550003333"
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  mood-hang: {name: Silent}
user_permissions:
  "+15550003333@whatsapp.user": {blocked: true}
"""


class Thinker:
    """An assistant that answers at once, but for what begins with Think: until it is stopped."""

    def __init__(self):
        self.asked, self.stopped, self.over = [], [], Event()

    def ask(self, assistant, question, listener):
        self.asked.append(question.text)
        if question.text.startswith("Think"):
            with listener.stop.ending(self.over.set):
                assert self.over.wait(60)
            self.over.clear()
            if listener.stop.given:
                self.stopped.append(question.text)
            listener.stop.check()
        return Answer(f"You said: {question.text}")


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        responder = ready.gateway.responder()
        ready.numbers = count(1)
        queue = ready.gateway.local_queue()
        queue.start(lambda body: 204 if handle_push(body, ready.gateway.responder()) else 503)
        ready.thinker = Thinker()
        ready.gateway.parts["responder"] = replace(responder, clients={"vac": ready.thinker})
        ready.receiver = replace(ready.gateway.receiver(), verifier=Verifier(enabled=False))
        yield ready
        queue.stop()


def post(table, text, sender=ANN):
    """Say something as Twilio posts it; the id of the message."""
    number = sid(f"q{next(table.numbers)}")
    form = {"MessageSid": number, "From": f"whatsapp:{sender}", "Body": text}
    receive(posted(form, host="localhost"), table.receiver)
    return number


def heard(table, *said, to=ANN):
    """Wait until that was said, in this order, and nothing is queued; nothing else was said."""
    wait_for(lambda: len(table.sent(to)) >= len(said))
    idle(table)
    assert table.sent(to) == list(said)


def idle(table):
    wait_for(lambda: table.gateway.local_queue().depth() == 0)


def think(table, text="Think about it", sender=ANN):
    """Ask what is being thought about now; the id of the message."""
    asked = post(table, text, sender)
    wait_for(lambda: text in table.thinker.asked)
    return asked


def turn(table, message_id):
    return table.gateway.stores().turns.find(message_id)


def kept(table, collection, document_id):
    with table.gateway.database().reading() as connection:
        found = Table(connection).read(collection, document_id)
    return found and found[0]


def limit(table, **limits):
    responder = table.gateway.responder()
    changed = replace(responder, limits=replace(responder.limits, **limits))
    table.gateway.parts["responder"] = changed


@pytest.mark.parametrize("word", ["/cancel", "/abort", "Cancel", "ABORT!", " / cancel. "])
def test_what_is_thought_about_ends_at_once_and_the_next_question_is_answered(table, word):
    asked = think(table)
    cancel = post(table, word)
    heard(table, STOPPED)
    assert table.thinker.stopped == ["Think about it"]
    assert (turn(table, asked).state, turn(table, asked).stopped_by) == (
        TurnState.DELIVERED,
        cancel,
    )
    post(table, "And now?")
    heard(table, STOPPED, "You said: And now?")
    # The question is known to history, and no assistant remembers it.
    assert kept(table, "messages", f"{asked}-user")["kind"] == "ignored"
    assert [one["question"] for one in kept(table, "whatsapp_sessions", ANN)["recent"]] == [
        "And now?"
    ]


def test_it_is_said_although_the_assistant_never_says_anything(table):
    """The assistant is a real one over HTTP, and silent for ten minutes."""
    table.gateway.parts["responder"] = replace(
        table.gateway.responder(), clients=table.gateway.assistants()
    )
    post(table, "/switch mood-hang")
    wait_for(table.sent)
    asked = post(table, "Think about it")
    wait_for(lambda: turn(table, asked))
    cancel = post(table, "/cancel")
    wait_for(lambda: STOPPED in table.sent())
    assert turn(table, asked).stopped_by == cancel


def test_why_tells_who_was_stopped_and_by_whom(table):
    post(table, "/switch mood-hang")
    wait_for(table.sent)
    asked = think(table)
    post(table, "/cancel")
    wait_for(lambda: STOPPED in table.sent())
    post(table, "/why")
    wait_for(lambda: len(table.sent()) == 3)
    assert table.sent()[2].splitlines() == [
        "🔎 About the last answer:",
        "• Assistant: Silent",
        "• Stopped: by you",
        f"• Trace id: whatsapp-{asked}",
    ]


def test_what_was_queued_before_is_settled_in_silence_and_kept(table):
    think(table)
    second, third = post(table, "A second question"), post(table, "/help")
    post(table, "/cancel")
    heard(table, STOPPED)
    assert table.thinker.asked == ["Think about it"]
    for number in (second, third):
        assert turn(table, number).state is TurnState.DELIVERED
        assert kept(table, "messages", f"{number}-user")["kind"] == "ignored"


def test_a_stop_or_start_that_was_sent_before_holds(table):
    think(table)
    post(table, "START")
    post(table, "/cancel")
    wait_for(lambda: len(table.sent()) == 2)
    assert sorted(table.sent()) == sorted([STOPPED, OPTED_IN])
    assert kept(table, "whatsapp_sessions", ANN)["opted_in_at"]


@pytest.mark.parametrize("word", ["STOP", "/stop", "Unsubscribe."])
def test_who_opts_out_stops_what_is_running_and_is_told_once(table, word):
    asked = think(table)
    post(table, "And this?")
    post(table, word)
    heard(table, OPTED_OUT)
    assert table.thinker.stopped == ["Think about it"]
    assert turn(table, asked).state is TurnState.DELIVERED
    assert kept(table, "whatsapp_sessions", ANN)["opted_out_at"]
    post(table, "Hello")
    heard(table, OPTED_OUT, "You said: Hello")


def test_a_start_right_behind_a_stop_is_what_holds(table):
    think(table)
    post(table, "STOP")
    post(table, "START")
    wait_for(lambda: len(table.sent()) == 2)
    idle(table)
    assert table.sent()[-1] == OPTED_IN
    assert not kept(table, "whatsapp_sessions", ANN).get("opted_out_at")


def test_where_nothing_is_running_it_is_said_and_no_session_is_made(table):
    post(table, "/cancel")
    heard(table, NOTHING)
    assert kept(table, "whatsapp_sessions", ANN) is None
    post(table, "Hello")
    heard(table, NOTHING, "You said: Hello")
    before = kept(table, "whatsapp_sessions", ANN)
    post(table, "/cancel")
    heard(table, NOTHING, "You said: Hello", NOTHING)
    assert kept(table, "whatsapp_sessions", ANN) == before


def test_a_bare_word_means_what_it_ever_meant_where_nothing_is_running(table):
    post(table, "abort")
    heard(table, "You said: abort")
    post(table, "Cancel")
    heard(table, "You said: abort", OPTED_OUT)
    assert kept(table, "whatsapp_sessions", ANN)["opted_out_at"]


def test_a_bare_word_that_comes_again_means_what_it_meant_first(table):
    think(table)
    message = table.message("cancel")
    payload = encode(message)[0].decode()
    for _ in range(2):
        fast = QueueDelivery(message, payload=payload, fast=True)
        assert respond(fast, table.gateway.responder())
    # By whatever way: the queue may bring a copy in line, and so does the tick.
    assert respond(QueueDelivery(message, payload=payload), table.gateway.responder())
    heard(table, STOPPED)
    assert not (kept(table, "whatsapp_sessions", ANN) or {}).get("opted_out_at")


def test_behind_the_others_it_works_the_same(table):
    """An older webhook knows no fast lane."""
    think(table, sender=BOB)
    assert table.say("/cancel", sender=ANN) == [NOTHING]
    assert table.say("/cancel please", sender=BOB) == [STOPPED]


def test_nobody_stops_what_is_done_for_somebody_else(table):
    asked = think(table, sender=BOB)
    cancel = post(table, "/cancel")
    wait_for(lambda: table.sent() == [NOTHING])
    assert (turn(table, asked).state, turn(table, asked).stopped_by) == (TurnState.THINKING, "")
    table.thinker.over.set()
    heard(table, "You said: Think about it", to=BOB)
    assert turn(table, cancel).state is TurnState.DELIVERED


def test_a_hundred_are_not_a_hundred_answers(table):
    limit(table, messages_per_minute=5)
    for _ in range(100):
        post(table, "/cancel")
    idle(table)
    said = table.sent()
    # The bucket fills while they come; nobody is told twice to slow down meanwhile.
    assert said.count(SLOW_DOWN) == 1
    assert 5 <= said.count(NOTHING) <= 10
    assert kept(table, "whatsapp_sessions", ANN) is None
    # And they take nothing from what else may be asked.
    post(table, "Hello")
    heard(table, *said, "You said: Hello")


def test_who_is_blocked_is_told_so_and_stops_nothing(table):
    limit(table, messages_per_minute=3)
    for _ in range(20):
        post(table, "/cancel", EVE)
    idle(table)
    assert {*table.sent(EVE)} == {BLOCKED, SLOW_DOWN}
    assert len(table.sent(EVE)) < 10
    assert not (kept(table, "whatsapp_stops", EVE) or {}).get("before")


def test_an_answer_that_waits_for_the_person_goes_on_waiting(table):
    post(table, "Hello")
    heard(table, "You said: Hello")
    (sent,) = table.resources()
    refused = DeliveryReport(
        sent["sid"], DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    assert respond(QueueDelivery(refused), table.gateway.responder())
    post(table, "/cancel")
    heard(table, "You said: Hello", NOTHING)
    post(table, "I am back")
    heard(table, "You said: Hello", NOTHING, "You said: Hello", "You said: I am back")


def test_what_an_operator_replays_is_answered_whatever_was_cancelled_since(table):
    message, responder = table.message("Hello"), table.gateway.responder()
    data, attributes = encode(message)
    push = push_body(
        data,
        attributes,
        ordering_key=ANN,
        message_id="1",
        publish_time=message.received_at,
        attempt=100,
        subscription="projects/local/subscriptions/whatsapp-dead-letters",
    )
    give_up(push, "came too often", responder)
    post(table, "/cancel")
    heard(table, GIVEN_UP, NOTHING)
    replay(responder.stores.dead_letters.find(message.id), table.gateway.requeuer())
    heard(table, GIVEN_UP, NOTHING, "You said: Hello")


def test_a_report_brings_nothing_of_a_stopped_answer_back(table):
    asked = think(table)
    table.thinker.over.set()
    heard(table, "You said: Think about it")
    (sent,) = table.resources()
    stores = table.gateway.stores()
    stopped = replace(turn(table, asked), stopped_by="SMc")
    stores.turns.commit(stopped)
    for code, cause in [("63010", FailureCause.TEMPORARY), ("63016", FailureCause.WINDOW)]:
        failed = DeliveryReport(sent["sid"], DeliveryState.FAILED, code, address=ANN, cause=cause)
        assert respond(QueueDelivery(failed), table.gateway.responder())
    assert turn(table, asked).state is TurnState.DELIVERED
    heard(table, "You said: Think about it")


def test_of_several_times_the_latest_counts_whichever_comes_first(table):
    post(table, "Hello")
    heard(table, "You said: Hello")
    stops, now = table.gateway.stores().stops, table.gateway.responder().clock()
    stops.mark(ANN, now, now)
    stops.mark(ANN, now - timedelta(seconds=5), now)
    assert kept(table, "whatsapp_stops", ANN)["before"] == now
    older = replace(table.message("Too late"), received_at=now - timedelta(seconds=2))
    assert table.hand_over(older)
    assert table.sent() == ["You said: Hello"]
