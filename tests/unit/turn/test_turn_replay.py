"""Dead letters replayed by an operator, on a whole gateway over real HTTP."""

import base64
import json
from dataclasses import replace

import pytest

from lib.errors import DocumentError, EnvelopeError
from lib.model import ChunkState, DeadLetter, DeliveryReport, DeliveryState, FailureCause, TurnState
from lib.queue.envelope import encode
from lib.storage.sqlite.table import Table
from lib.turn.dead_letter import give_up, keep
from lib.turn.replay import replay
from tests.local_gateway import ANN
from tests.reports import line
from tests.turns import started

SORRY = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)


@pytest.fixture
def gateway(tmp_path):
    with line(tmp_path) as ready:
        yield ready


def push(message, **changes):
    document = {**json.loads(encode(message)[0]), **changes}
    data = base64.b64encode(json.dumps(document).encode()).decode()
    return json.dumps({"message": {"data": data}, "deliveryAttempt": 1}).encode()


def spoil(gateway, turn_id, document):
    with gateway.local.gateway.database().transaction() as connection:
        Table(connection).write("whatsapp_turns", turn_id, document)


def stored(gateway, message):
    with gateway.local.gateway.database().reading() as connection:
        return Table(connection).read("whatsapp_turns", message.id)[0]


def only_letter(gateway):
    (letter,) = gateway.stores.dead_letters.newest(9)
    return letter


def replay_all(gateway):
    requeuer = replace(gateway.local.gateway.requeuer(), clock=gateway.now)
    for letter in gateway.stores.dead_letters.newest(9):
        replay(letter, requeuer)
    gateway.hand_over()


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_the_apology_that_failed_too_is_not_said_when_the_answer_is_sent_after_all(gateway, parts):
    message = gateway.ask(parts)
    gateway.report(gateway.sids()[0], "undelivered", "63021")
    gateway.hand_over()
    gateway.report(gateway.sids()[-1], "undelivered", "63021")
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.DEAD
    before = len(gateway.local.sent())
    gateway.replay(message)
    assert [text[:6] for text in gateway.local.sent()[before:]] == ["Part 1"]
    turn = gateway.turn(message)
    assert (turn.state, turn.apologised) == (TurnState.DELIVERED, False)
    assert [chunk.state for chunk in turn.chunks] == [ChunkState.SENT] * parts


def test_what_fails_again_after_a_replay_is_apologised_for_again(gateway):
    message = gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63021")
    gateway.hand_over()
    gateway.replay(message)
    gateway.report(gateway.sids()[2], "undelivered", "63021")
    gateway.hand_over()
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1", SORRY[:6]] * 2
    assert gateway.letter(message) == "undelivered 63021"


def test_what_only_a_newer_version_could_read_is_answered_when_that_version_replays_it(gateway):
    responder = gateway.local.gateway.responder()
    message = gateway.local.message("Hello")
    give_up(push(message, version=2), "undeliverable: came too often", responder)
    letter = only_letter(gateway)
    with pytest.raises(EnvelopeError):
        replay_all(gateway)
    # What the newer version finds in it: a push that it can read.
    gateway.stores.dead_letters.keep(replace(letter, payload=push(message).decode()))
    replay_all(gateway)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1"]
    assert only_letter(gateway).replayed_at
    assert gateway.turn(message).payload == encode(message)[0].decode()


@pytest.mark.parametrize(
    "document", [{"state": "dreaming"}, {"state": "thinking", "attempt": "many"}], ids=repr
)
def test_a_message_whose_turn_could_not_be_read_is_answered_once_it_can(gateway, document):
    responder = gateway.local.gateway.responder()
    message = gateway.local.message("Hello")
    now = gateway.now()
    gateway.stores.turns.claim(started(message, encode(message)[0].decode(), now, now))
    good = stored(gateway, message)
    spoil(gateway, message.id, document)
    give_up(push(message), "undeliverable: came too often", responder)
    with pytest.raises(DocumentError):
        replay_all(gateway)
    spoil(gateway, message.id, good)
    replay_all(gateway)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1"]


@pytest.mark.parametrize(
    "document", [{"state": "dreaming"}, {"state": "delivered", "chunks": 5}], ids=repr
)
def test_a_report_on_a_turn_that_cannot_be_read_holds_up_nobody_and_can_be_replayed(
    gateway, document
):
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    good = stored(gateway, message)
    spoil(gateway, message.id, document)
    report = DeliveryReport(
        sid, DeliveryState.FAILED, "63021", address=ANN, cause=FailureCause.CONTENT
    )
    responder = gateway.local.gateway.responder()
    give_up(push(report), "undeliverable: came too often", responder)
    assert only_letter(gateway).reason.partition(":")[0] in {"newer_version", "document"}
    spoil(gateway, message.id, good)
    replay_all(gateway)
    assert gateway.local.sent()[1:] == [SORRY]


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "null", '{"message":{}}', '{"message":{"data":"e30="}}', "\ufffd"]
)
def test_what_is_no_message_is_refused_and_stays_as_it_is(gateway, payload):
    keep(b"spoilt", "envelope: spoilt", gateway.local.gateway.responder())
    letter = replace(only_letter(gateway), payload=payload)
    gateway.stores.dead_letters.keep(letter)
    with pytest.raises(EnvelopeError):
        replay_all(gateway)
    assert only_letter(gateway) == letter
    assert isinstance(letter, DeadLetter)
