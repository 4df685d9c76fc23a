"""Chunks that were taken and then failed on their way, on a whole gateway over real HTTP."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from lib.errors import SendInDoubtError
from lib.model import Answer, DeliveryReport, DeliveryState, QueueDelivery, TurnState
from lib.reply import texts
from lib.turn import chunks, moves
from lib.turn.respond import respond
from lib.twilio.codes import explained
from tests.local_gateway import ANN, local_gateway
from tests.sentences import HELP


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        yield ready


def failed(table, code, index=-1):
    """The report that the last message, or another one, failed; as the queue hands it over."""
    sids = [one["sid"] for one in table.resources() if one["to"] == f"whatsapp:{ANN}"]
    report = DeliveryReport(sids[index], DeliveryState.FAILED, code, address=ANN)
    return QueueDelivery(explained(report))


def handle_report(table, delivery, later=timedelta()):
    parts = table.gateway.responder()
    return respond(delivery, replace(parts, clock=lambda: table.gateway_now() + later))


@contextmanager
def asking_to_write(table, calls):
    table.gateway.parts["responder"] = replace(
        table.gateway.responder(), reopen_window=calls.append
    )
    yield


def turn_of(table, message):
    return table.gateway.stores().turns.find(message.id)


@pytest.fixture(autouse=True)
def _clock(table):
    type(table).gateway_now = staticmethod(lambda: table.gateway.responder().clock())


def test_a_temporary_failure_is_sent_again_after_a_pause_and_only_then(table):
    message = table.message("/help")
    assert table.hand_over(message)
    report = failed(table, "63018")
    assert handle_report(table, report) is False
    assert handle_report(table, report) is False
    assert len(table.sent()) == 1
    assert handle_report(table, report, moves.FIRST_PAUSE) is True
    assert table.sent() == [HELP] * 2
    assert turn_of(table, message).state is TurnState.DELIVERED
    assert handle_report(table, report, moves.FIRST_PAUSE) is True
    assert len(table.sent()) == 2


def test_what_keeps_failing_is_given_up_with_an_apology_once(table):
    message = table.message("/help")
    assert table.hand_over(message)
    later = timedelta()
    for _ in range(chunks.MOST_FAILURES):
        report = failed(table, "63010")
        assert handle_report(table, report, later) is False
        later += timedelta(minutes=5)
        assert handle_report(table, report, later) is True
    assert handle_report(table, failed(table, "63010"), later) is True
    assert table.sent() == [HELP] * (chunks.MOST_FAILURES + 1) + [texts.PART_LOST]
    letter = table.gateway.stores().dead_letters.find(message.id)
    assert letter.reason == "undelivered 63010"
    assert handle_report(table, failed(table, "63005"), later) is True
    assert turn_of(table, message).state is TurnState.DEAD
    assert len(table.sent()) == chunks.MOST_FAILURES + 2


def test_outside_the_window_the_answer_waits_for_the_person_to_write(table):
    asked = []
    with asking_to_write(table, asked):
        first, second = table.message("/help"), table.message("/current")
        assert table.hand_over(first)
        assert table.hand_over(second)
        for delivery in (failed(table, "63016", 0), failed(table, "63016", 1)) * 2:
            assert handle_report(table, delivery) is True
    assert asked == [ANN]
    assert turn_of(table, first).state is turn_of(table, second).state is TurnState.PARKED
    before = len(table.sent())
    said = table.say("/list")
    assert [one[0] for one in said] == ["🤖", "🤖", "📋"]
    assert len(table.sent()) == before + 3
    assert turn_of(table, first).state is turn_of(table, second).state is TurnState.DELIVERED
    assert table.say("/help") == [HELP]


def test_a_knock_is_the_configured_template(table):
    content = requests.post(
        table.twilio_url + "/v1/Content",
        json={"friendly_name": "k", "language": "en", "types": {"twilio/text": {"body": "Knock"}}},
        auth=("AC" + "1" * 32, "local-token"),
        timeout=5,
    ).json()["sid"]
    twilio = table.gateway.config.twilio._replace(reopening_content=content)
    table.gateway.config = table.gateway.config._replace(twilio=twilio)
    assert table.hand_over(table.message("/help"))
    assert handle_report(table, failed(table, "63016")) is True
    assert table.sent()[1:] == ["Knock"]


@pytest.mark.parametrize("code", ["63024", "63003", "21610", "63014"])
def test_a_contact_that_cannot_be_reached_is_marked_until_it_writes(table, code):
    message = table.message("/help")
    assert table.hand_over(message)
    assert handle_report(table, failed(table, code)) is True
    stores = table.gateway.stores()
    assert stores.conversations.read(ANN, "").session.unreachable == code
    assert turn_of(table, message).state is TurnState.DEAD
    assert stores.dead_letters.find(message.id).reason == f"undelivered {code}"
    assert len(table.sent()) == 1
    table.say("/help")
    assert stores.conversations.read(ANN, "").session.unreachable == ""


def test_refused_words_are_replaced_by_an_apology(table):
    message = table.message("/nonsense")
    assert table.hand_over(message)
    assert handle_report(table, failed(table, "63021")) is True
    assert table.sent() == [texts.unknown_command("nonsense"), texts.PART_LOST]
    assert turn_of(table, message).state is TurnState.DELIVERED


@pytest.mark.parametrize("code", ["63051", "63038"])
def test_wrong_settings_raise_the_alarm(table, caplog, code):
    message = table.message("/help")
    assert table.hand_over(message)
    assert handle_report(table, failed(table, code)) is True
    assert [r.getMessage() for r in caplog.records if r.levelname == "CRITICAL"]
    assert table.gateway.stores().dead_letters.find(message.id).reason == f"undelivered {code}"


def test_a_failed_message_of_somebody_else_is_nobody_s_business(table):
    report = DeliveryReport("SMother", DeliveryState.FAILED, "63016", address=ANN)
    assert handle_report(table, QueueDelivery(explained(report))) is True
    assert table.sent() == []


def test_an_answer_that_is_too_late_is_parked_and_not_lost(table):
    class Once:
        def ask(self, assistant, question, listener):
            return Answer("late but here")

    table.gateway.parts["responder"] = replace(table.gateway.responder(), clients={"vac": Once()})
    table.fault(fault="error", code=63007, status=400)
    message = table.message("Hello")
    with pytest.raises(Exception, match="63007"):
        table.hand_over(message)
    parts = table.gateway.responder()
    late = replace(parts, clock=lambda: parts.clock() + moves.SESSION_WINDOW + timedelta(minutes=1))
    assert respond(QueueDelivery(message), late) is True
    assert turn_of(table, message).state is TurnState.PARKED


def test_an_answer_in_doubt_is_looked_up_however_late_it_is(table):
    table.fault(fault="cut_after")
    message = table.message("/help")
    with pytest.raises(SendInDoubtError):
        table.hand_over(message)
    parts = table.gateway.responder()
    late = replace(parts, clock=lambda: parts.clock() + moves.SESSION_WINDOW + timedelta(minutes=1))
    assert respond(QueueDelivery(message), late) is True
    assert turn_of(table, message).state is TurnState.DELIVERED
    assert table.sent() == [HELP]
