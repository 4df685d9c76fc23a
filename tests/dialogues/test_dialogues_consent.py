"""Consent: whatever says that somebody wants no messages holds alike, and is proven alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lib.conversation.consent import Purpose, may_write_first
from lib.model import (
    Choice,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    MessageKind,
    QueueDelivery,
)
from lib.model.conversation import Session
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

STOPPED = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
STARTED = "✅ You get messages from me again. Send STOP at any time to end that."
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        yield ready


def person(table):
    return table.gateway.stores().conversations.read(ANN, "")


def events(table):
    found = table.gateway.stores().consents.events_of(ANN)
    return [(one.state, one.source, one.wording) for one in found]


def tapped(title, choice_id=""):
    return {"kind": MessageKind.CHOICE, "choice": Choice(choice_id or title, title)}


WAYS_OUT = {
    "a word": (("STOP", {}), ("word", "STOP"), [STOPPED]),
    "a word of another language": (
        ("abbestellen", {}),
        ("word", "abbestellen"),
        None,
    ),
    "a command": (("/stop", {}), ("word", "/stop"), [STOPPED]),
    "a button of our templates": (
        ("", tapped("No more", "broadcast-stop")),
        ("button", "No more"),
        [STOPPED],
    ),
    "WhatsApp's button": (
        ("Stop promotions", tapped("Stop promotions")),
        ("button", "Stop promotions"),
        [STOPPED],
    ),
    "WhatsApp's button with an id of its own": (
        ("Parar promoções", tapped("Parar promoções", "0b1f")),
        ("button", "Parar promoções"),
        None,
    ),
    "what Twilio took for it": (("Arrêtez!", {"opt_out": "stop"}), ("twilio", "Arrêtez!"), []),
    "what Twilio took for it, and means something else here": (
        ("CANCEL", {"opt_out": "stop"}),
        ("twilio", "CANCEL"),
        [],
    ),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_opts_out_and_is_proven(table, way):
    (text, fields), (source, wording), answered = WAYS_OUT[way]
    said = table.say(text, **fields)
    if answered is None:
        assert len(said) == 1
    else:
        assert said == answered
    assert not may_write_first(person(table), Purpose.OWED)
    assert events(table) == [("revoked", source, wording)]
    assert table.say("Hello") != []  # what they write themselves is answered
    assert not may_write_first(person(table), Purpose.OWED)


def test_what_twilio_took_for_a_start_takes_it_back_and_is_not_answered_twice(table):
    table.say("STOP")
    assert table.say("restart", opt_out="start") == []
    assert may_write_first(person(table), Purpose.BROADCASTS)
    assert events(table)[-1] == ("granted", "twilio", "restart")


def test_what_twilio_took_for_help_is_answered_by_twilio_alone(table):
    assert table.say("info", opt_out="help") == []
    assert events(table) == []
    assert person(table).session is not None
    assert len(table.say("HELP")) == 1


def test_who_said_nothing_has_not_opted_in(table):
    assert not may_write_first(person(table), Purpose.BROADCASTS)
    table.say("Hello")
    assert not may_write_first(person(table), Purpose.BROADCASTS)
    assert may_write_first(person(table), Purpose.OWED)
    table.say("START")
    assert may_write_first(person(table), Purpose.BROADCASTS)
    table.say("STOP")
    assert not may_write_first(person(table), Purpose.BROADCASTS)


def failure(sid, code):
    cause = FailureCause.CONTACT
    failed = DeliveryReport(sid, DeliveryState.FAILED, code, address=ANN, cause=cause)
    return QueueDelivery(failed)


def refused(table, code):
    table.fault(fault="error", code=int(code), status=400, times=1)
    table.say("Hello")


def failed(table, code):
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.resources()]
    assert respond(failure(sid, code), table.gateway.responder())


def failed_later(table, code):
    """The second part, behind a first one that failed for another reason."""
    table.say("/help")
    (sid,) = [one["sid"] for one in table.resources()]
    assert respond(failure(sid, "63003"), table.gateway.responder())
    table.say("Hello")
    sid = table.resources()[-1]["sid"]
    assert respond(failure(sid, code), table.gateway.responder())


def parked(table, responder):
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.resources()]
    window = DeliveryReport(
        sid, DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    assert respond(QueueDelivery(window), responder)


def knock_refused(table, code):
    responder = replace(table.gateway.responder(), reopen_window=lambda _: code)
    parked(table, responder)


def knock_failed(table, code):
    parked(table, table.gateway.responder())
    assert respond(failure("SM" + "f" * 32, code), table.gateway.responder())


WAYS_LEARNT = [refused, failed, failed_later, knock_refused, knock_failed]


@pytest.mark.parametrize("code", ["21610", "63014"])
@pytest.mark.parametrize("way", WAYS_LEARNT)
def test_what_the_provider_tells_of_it_opts_out_wherever_it_is_learnt(table, way, code):
    way(table, code)
    assert not may_write_first(person(table), Purpose.OWED)
    assert person(table).session.opted_out_at is not None
    assert events(table) == [("revoked", code, "")]


@pytest.mark.parametrize("way", WAYS_LEARNT)
def test_another_failure_is_no_word_of_theirs(table, way):
    way(table, "63003")
    assert may_write_first(person(table), Purpose.OWED)
    assert events(table) == []


def test_a_report_that_comes_twice_is_one_event(table):
    for _ in range(2):
        assert respond(failure("SM" + "f" * 32, "21610"), table.gateway.responder())
    assert events(table) == [("revoked", "21610", "")]
    assert not may_write_first(person(table), Purpose.OWED)


def test_what_failed_before_a_start_does_not_take_it_back(table):
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.resources()]
    table.say("START")
    assert respond(failure(sid, "21610"), table.gateway.responder())
    assert may_write_first(person(table), Purpose.BROADCASTS)
    assert [state for state, *_ in events(table)] == ["granted"]


def test_what_failed_for_the_former_owner_of_a_number_is_no_word_of_the_next_one(table):
    table.say("Hello", user_id="US.1A2B3C")
    (sid,) = [one["sid"] for one in table.resources()]
    table.say("Hello", user_id="US.9Z9Z9Z")
    assert respond(failure(sid, "21610"), table.gateway.responder())
    assert may_write_first(person(table), Purpose.OWED)


def test_of_somebody_who_was_forgotten_a_late_failure_keeps_nothing(table):
    table.say("Hello")
    table.say("/forget yes")
    assert person(table).session is None
    assert respond(failure("SM" + "f" * 32, "21610"), table.gateway.responder())
    assert events(table) == []


STANDING = [
    # opted out, opted in: what is owed to them, anything else
    (None, None, True, False),
    (None, NOON, True, True),
    (NOON, None, False, False),
    (NOON, NOON, False, False),
]


@pytest.mark.parametrize(("out", "into", "owed", "broadcasts"), STANDING)
def test_one_rule_decides_who_may_be_written_to_first(out, into, owed, broadcasts):
    session = Session(ANN, ANN, "a", "Ann", NOON, NOON, opted_out_at=out, opted_in_at=into)
    assert may_write_first(session, Purpose.OWED) is owed
    assert may_write_first(session, Purpose.BROADCASTS) is broadcasts
