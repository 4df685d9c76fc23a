"""Work left lying, queues that gave up, and replays, on real SQLite and the real local queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import EnvelopeError, TurnTakenError
from lib.model import Choice, DeadLetter, MessageKind, QueueDelivery, TurnState
from lib.queue.decode import decode
from lib.queue.envelope import encode
from lib.queue.push import push_body
from lib.reply import texts
from lib.storage.stores.turn_documents import OVERDUE_AFTER
from lib.turn import moves
from lib.turn.dead_letter import give_up
from lib.turn.overdue import LEAST_PAUSE, pick_up
from lib.turn.replay import replay
from lib.turn.respond import respond
from tests.local_gateway import local_gateway
from tests.sentences import HELP
from tests.turns import started


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        yield ready


def claimed(table, message, lease=timedelta()):
    payload = encode(message)[0].decode()
    now = table.gateway.responder().clock()
    return table.gateway.stores().turns.claim(started(message, payload, now, now + lease))[0]


def tick(table, later):
    requeuer = table.gateway.requeuer()
    return pick_up(replace(requeuer, clock=lambda: requeuer.clock() + later))


def queued(table):
    """Take everything out of the local queue and hand it over."""
    with table.gateway.database().transaction() as connection:
        found = connection.execute("SELECT data FROM queued ORDER BY number").fetchall()
        connection.execute("DELETE FROM queued")
    return [QueueDelivery(decode(data), payload=data.decode()) for (data,) in found]


def forget_turns(table):
    with table.gateway.database().transaction() as connection:
        connection.execute("DELETE FROM documents WHERE collection = 'whatsapp_turns'")


def push(message):
    data, attributes = encode(message)
    return push_body(
        data,
        attributes,
        ordering_key=message.address,
        message_id="1",
        publish_time=message.received_at,
        attempt=5,
        subscription="s",
    )


def test_a_turn_left_thinking_is_queued_again_and_answered(table):
    message = table.message("/help")
    claimed(table, message)
    assert tick(table, timedelta()) == 0
    assert tick(table, OVERDUE_AFTER + timedelta(seconds=1)) == 1
    (delivery,) = queued(table)
    assert respond(delivery, table.gateway.responder()) is True
    assert table.sent() == [HELP]
    assert tick(table, timedelta(days=1)) == 0


def test_a_turn_half_sent_goes_on_with_what_is_missing(table):
    message = table.message("Hello")
    turn = claimed(table, message)
    stores = table.gateway.stores()
    now = table.gateway.responder().clock()
    turn = stores.turns.commit(moves.answer(turn, ["one", "two"], now, now))
    sid = table.gateway.sender().send(message.address, "one")
    stores.turns.commit(moves.let_go(moves.close(turn, sid, now, now), now, in_doubt=False))
    assert tick(table, OVERDUE_AFTER + timedelta(seconds=1)) == 1
    (delivery,) = queued(table)
    assert respond(delivery, table.gateway.responder()) is True
    assert table.sent() == ["one", "two"]


def test_the_same_turn_is_queued_again_less_and_less_often(table):
    claimed(table, table.message("/help"))
    later, picked = timedelta(), []
    while later < timedelta(hours=4):
        later += timedelta(seconds=20)
        picked += [later] * tick(table, later)
    assert 5 <= len(picked) <= 10
    assert picked[1] - picked[0] >= LEAST_PAUSE
    assert picked[-1] - picked[-2] > timedelta(minutes=30)


def test_work_in_hand_is_not_touched(table):
    claimed(table, table.message("/help"), lease=timedelta(hours=1))
    assert tick(table, timedelta(minutes=30)) == 0
    assert queued(table) == []


def test_a_message_that_came_too_often_is_answered_with_an_apology_once(table):
    message = table.message("Hello")
    for _ in range(2):
        give_up(push(message), "undeliverable: came too often", table.gateway.responder())
    assert table.sent() == [texts.GIVEN_UP]
    assert (
        table.gateway.stores().dead_letters.find(message.id).reason
        == "undeliverable: came too often"
    )


def test_what_is_settled_or_in_hand_is_not_given_up(table):
    message = table.message("/help")
    assert table.hand_over(message)
    give_up(push(message), "undeliverable", table.gateway.responder())
    assert table.sent() == [HELP]
    busy = table.message("Hello")
    claimed(table, busy, lease=timedelta(minutes=1))
    with pytest.raises(TurnTakenError):
        give_up(push(busy), "undeliverable", table.gateway.responder())
    assert table.gateway.stores().dead_letters.newest(9) == []


def test_an_answer_that_could_not_be_sent_is_replaced_by_an_apology(table):
    message = table.message("Hello")
    turn = claimed(table, message)
    now = table.gateway.responder().clock()
    table.gateway.stores().turns.commit(moves.answer(turn, ["one", "two"], now, now))
    give_up(push(message), "undeliverable", table.gateway.responder())
    assert table.sent() == [texts.PART_LOST]
    replayed(table, message)
    assert table.sent() == [texts.PART_LOST, "one", "two"]


def replayed(table, message):
    stores = table.gateway.stores()
    replay(stores.dead_letters.find(message.id), table.gateway.requeuer())
    (delivery,) = queued(table)
    assert respond(delivery, table.gateway.responder()) is True
    assert stores.dead_letters.find(message.id).replayed_at is not None
    assert stores.turns.find(message.id).state is TurnState.DELIVERED


def test_a_replay_asks_again_what_was_never_answered(table):
    message = table.message("Hello")
    give_up(push(message), "undeliverable", table.gateway.responder())
    replayed(table, message)
    apology, answer = table.sent()
    assert apology == texts.GIVEN_UP
    assert "You said:\n\nHello" in answer


def test_a_replay_of_a_forgotten_turn_works_too(table):
    message = table.message("Hello")
    give_up(push(message), "undeliverable", table.gateway.responder())
    forget_turns(table)
    replayed(table, message)
    apology, answer = table.sent()
    assert apology == texts.GIVEN_UP
    assert "You said:\n\nHello" in answer


def test_what_holds_no_message_cannot_be_replayed(table):
    give_up(b"garbage", "undeliverable", table.gateway.responder())
    (letter,) = table.gateway.stores().dead_letters.newest(9)
    with pytest.raises(EnvelopeError):
        replay(letter, table.gateway.requeuer())
    assert isinstance(letter, DeadLetter)


def test_a_captured_webhook_replayed_after_the_turn_has_expired_does_nothing(table):
    message = table.message("/help")
    assert table.hand_over(message)
    forget_turns(table)
    assert table.hand_over(message)
    assert table.sent() == [HELP]


@pytest.mark.parametrize(
    "text", ["/login W3TR-8YZP", "W3TR-8YZP", "/LOGIN: w3tr 8yzp", "%2Flogin%20W3TR-8YZP"]
)
@pytest.mark.parametrize("typed", [True, False])
def test_a_dead_letter_has_no_code_of_an_invitation(table, text, typed):
    tapped = {"kind": MessageKind.CHOICE, "choice": Choice(text, "Log in")}
    message = table.message(text) if typed else table.message("Log in", **tapped)
    claimed(table, message)
    give_up(push(message), "undeliverable", table.gateway.responder())
    letter = table.gateway.stores().dead_letters.find(message.id)
    assert "8yzp" not in letter.payload.casefold()
    assert decode(letter.payload.encode()).text == "/login …"


def test_a_dead_letter_has_any_other_message_as_it_was_queued(table):
    message = table.message("My login does not work")
    turn = claimed(table, message)
    give_up(push(message), "undeliverable", table.gateway.responder())
    letter = table.gateway.stores().dead_letters.find(message.id)
    assert letter.payload == turn.payload


def test_a_turn_whose_message_nobody_can_read_ends_after_a_week(table):
    message = table.message("Hello")
    now = table.gateway.responder().clock()
    table.gateway.stores().turns.claim(started(message, "{", now, now))
    for days in range(1, 7):
        assert tick(table, timedelta(days=days)) == 0
        assert table.gateway.stores().turns.find(message.id).state is TurnState.THINKING
    tick(table, timedelta(days=9))
    assert table.gateway.stores().turns.find(message.id).state is TurnState.DEAD
    assert table.gateway.stores().dead_letters.find(message.id).reason == "without_its_message"
    table.gateway.sqlite().sweep(now + timedelta(days=20))
    assert table.gateway.stores().turns.find(message.id) is None
