"""Conversations in which an answer waits for its person to write again."""

from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from lib.errors import SendRetryableError
from lib.model import Answer, DeliveryReport, DeliveryState, FailureCause, QueueDelivery
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

BLOCKED = "You can't use this service. Please ask the people who run it."
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
STOPPED = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
WAITED = "The answer that waited."


class Speaker:
    """An assistant that gives its answers in turn, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def ask(self, assistant, question, listener):
        self.asked.append(question.text)
        return Answer(self.answers.pop(0))


def change(table, **parts):
    table.gateway.parts["responder"] = replace(table.gateway.responder(), **parts)


def limit(table, **limits):
    change(table, limits=replace(table.gateway.responder().limits, **limits))


def ask_and_park(table):
    """Let an answer to Ann wait, since WhatsApp refused it for its window."""
    table.speaker = Speaker(WAITED, "The new answer.", "Another answer.")
    change(table, clients={"vac": table.speaker})
    assert table.say("The old question") == [WAITED]
    (sent,) = table.resources()
    refused = DeliveryReport(
        sent["sid"], DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    assert respond(QueueDelivery(refused), table.gateway.responder())


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        ask_and_park(ready)
        yield ready


def waiting(table):
    return table.gateway.stores().conversations.read(ANN, "").session.parked


def restart(table, catalogue):
    """Go on with other permissions, as after a restart."""
    table.gateway.config.assistant.file.write_text(catalogue)
    for part in ("sqlite", "stores", "deliver", "responder"):
        table.gateway.parts.pop(part)
    change(table, clients={"vac": table.speaker})


BLOCKING = f'user_permissions: {{"{ANN}@whatsapp.user": {{blocked: true}}}}'


def test_the_answer_that_waited_comes_before_the_new_one(table):
    assert table.say("A new question") == [WAITED, "The new answer."]
    assert waiting(table) == ()


def test_the_answer_that_waited_is_sent_before_the_assistant_is_asked(table):
    sent_by_then = []
    speaker = table.speaker

    class Watching:
        def ask(self, assistant, question, listener):
            sent_by_then.extend(table.sent()[1:])
            return speaker.ask(assistant, question, listener)

    change(table, clients={"vac": Watching()})
    table.say("A new question")
    assert sent_by_then == [WAITED]


def test_a_person_who_was_blocked_meanwhile_gets_no_answer_that_waited(table):
    restart(table, BLOCKING)
    assert table.say("A new question") == [BLOCKED]
    assert len(waiting(table)) == 1


def test_who_was_unblocked_again_gets_it(table):
    restart(table, BLOCKING)
    table.say("A new question")
    restart(table, "")
    assert table.say("May I?") == [WAITED, "The new answer."]


def test_a_person_on_the_list_of_blocked_contacts_gets_nothing(table):
    limit(table, blocked=frozenset({ANN}))
    assert table.say("A new question") == []
    assert len(waiting(table)) == 1


def test_a_warning_to_write_slower_brings_no_answer_that_waited(tmp_path):
    with local_gateway(tmp_path) as table:
        limit(table, messages_per_minute=1)
        ask_and_park(table)
        said = table.gateway.stores().conversations.read(ANN, "").session.wrote_at
        assert table.hand_over(replace(table.message("A new question"), received_at=said))
        assert table.sent()[1:] == [SLOW_DOWN]
        assert len(waiting(table)) == 1
        minutes_later = said + timedelta(minutes=2)
        assert table.hand_over(replace(table.message("And now?"), received_at=minutes_later))
        assert table.sent()[2:] == [WAITED, "The new answer."]


def test_a_stop_brings_no_answer_that_waited_and_holds(table):
    assert table.say("STOP") == [STOPPED]
    assert table.say("And now?") == [WAITED, "The new answer."]


@pytest.mark.slow
def test_where_it_cannot_be_sent_nobody_is_asked_until_it_can(table):
    table.fault(fault="error", status=429, code=20429, times=99)
    message = table.message("A new question")
    with pytest.raises(SendRetryableError):
        table.hand_over(message)
    assert table.speaker.asked == ["The old question"]
    requests.delete(f"{table.twilio_url}/simulator", timeout=5).raise_for_status()
    assert table.hand_over(message)
    assert table.sent() == [WAITED, "The new answer."]
