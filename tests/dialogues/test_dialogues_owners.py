"""Conversations on a number that passes on from one person to another."""

import logging
from dataclasses import replace

import pytest

from lib.model import Answer, DeliveryReport, DeliveryState, FailureCause, QueueDelivery
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

FORMER, NEW = "US.FORMER1", "US.NEW2"
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  python-expert: {name: Python Expert}
user_permissions:
  %s@whatsapp.user: {assistants: [python-expert]}
"""


@pytest.fixture
def gateway(tmp_path):
    with local_gateway(tmp_path, CATALOGUE % "+15550009999") as ready:
        yield ready


def session(gateway, address, user_id):
    return gateway.gateway.stores().conversations.read(address, user_id).session


def say(gateway, text, user_id, sender=ANN, **fields):
    return gateway.say(text, sender, user_id=user_id, **fields)


def test_the_new_owner_starts_afresh_and_the_former_one_goes_on_elsewhere(gateway, caplog):
    say(gateway, "/switch python-expert", FORMER)
    say(gateway, "My secret", FORMER)
    with caplog.at_level(logging.WARNING):
        (current,) = say(gateway, "/current", NEW, profile_name="Bob")
    assert "Default Assistant" in current
    told = [one.address for one in caplog.records if one.msg == "number has a new owner"]
    assert told == ["…1111"]
    say(gateway, "Hello", NEW)
    new = session(gateway, ANN, NEW)
    assert [pair.question for pair in new.recent] == ["Hello"]
    assert (new.display_name, new.user_id) == ("Bob", NEW)
    say(gateway, "It is me", FORMER, sender=FORMER)
    former = session(gateway, FORMER, FORMER)
    assert [pair.question for pair in former.recent] == ["My secret", "It is me"]
    assert former.assistant_id == "python-expert"


def test_an_assistant_takes_the_two_owners_for_two_people(tmp_path):
    asked = []

    class Recording:
        def ask(self, _assistant, question, _listener):
            asked.append((question.session_id, question.email))
            return Answer("Hi")

    with local_gateway(tmp_path) as gateway:
        clients = {"vac": Recording()}
        responder = replace(gateway.gateway.responder(), clients=clients)
        gateway.gateway.parts["responder"] = responder
        say(gateway, "Hello", FORMER)
        for _ in range(2):
            say(gateway, "Hello", NEW)
        say(gateway, "Hello", FORMER, sender=FORMER)
        said = [key.id for key, _ in gateway.gateway.stores().history.documents_of(NEW)]
    number = ("whatsapp-+15550001111", "+15550001111@whatsapp.user")
    new = ("whatsapp-US.NEW2", "US.NEW2@whatsapp.user")
    assert asked == [number, new, new, number]
    assert len(said) == 4


def fail(gateway, sid):
    """Let it be reported that a message came too late for its person."""
    cause = FailureCause.WINDOW
    failed = DeliveryReport(sid, DeliveryState.FAILED, "63016", address=ANN, cause=cause)
    assert respond(QueueDelivery(failed), gateway.gateway.responder())


def test_an_answer_that_waited_for_the_former_owner_is_not_sent_to_the_new_one(gateway):
    say(gateway, "My secret", FORMER)
    fail(gateway, gateway.resources()[0]["sid"])
    assert session(gateway, ANN, FORMER).parked
    answers = say(gateway, "/current", NEW)
    assert len(answers) == 1
    assert "secret" not in answers[0]
    assert session(gateway, ANN, NEW).parked == ()


def test_what_fails_after_the_number_passed_on_is_not_sent_again(gateway):
    say(gateway, "My secret", FORMER)
    sid = gateway.resources()[0]["sid"]
    say(gateway, "/current", NEW)
    fail(gateway, sid)
    for _ in range(2):
        assert len(say(gateway, "/current", NEW)) == 1
    assert session(gateway, ANN, NEW).parked == ()


def test_what_fails_of_the_new_owner_s_waits_for_them(gateway):
    say(gateway, "My secret", FORMER)
    before = {one["sid"] for one in gateway.resources()}
    say(gateway, "/current", NEW)
    (sid,) = {one["sid"] for one in gateway.resources()} - before
    fail(gateway, sid)
    assert len(say(gateway, "/list", NEW)) == 2


def test_the_id_is_kept_and_says_who_it_is_from_then_on(gateway):
    say(gateway, "Hello", "")
    assert session(gateway, ANN, "").user_id == ""
    say(gateway, "Hello", FORMER)
    assert session(gateway, ANN, FORMER).user_id == FORMER
    say(gateway, "Hello", NEW)
    assert len(session(gateway, ANN, NEW).recent) == 1


def test_what_is_permitted_to_a_number_is_not_the_new_owner_s(gateway):
    number = "+15550009999"
    assert "Default" not in say(gateway, "/list", FORMER, sender=number)[0]
    for _ in range(2):
        assert "Default Assistant" in say(gateway, "/list", NEW, sender=number)[0]
