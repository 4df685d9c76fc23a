"""Forgetting people whose number passed on: each takes what is theirs, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.model import Answer
from lib.runtime.adapters import erasing
from lib.turn.erasing import erase_due
from tests.local_gateway import ANN, local_gateway

FIRST, NEXT = "US.FIRST1", "US.NEXT2"
ELSEWHERE = "+15550007777"
KEPT = 3
"""Where the words of a message stand: in its turn, in history, and in the session."""


class Recording:
    """Tells under which name it was asked."""

    def __init__(self):
        self.asked = []

    def ask(self, _assistant, question, _listener):
        self.asked.append((question.session_id, [pair.question for pair in question.history]))
        return Answer("Yes.")


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        ready.assistant = Recording()
        clients = {"vac": ready.assistant}
        ready.gateway.parts["responder"] = replace(ready.gateway.responder(), clients=clients)
        ready.say("my cat is called Zerberus", user_id=FIRST)
        ready.late = ready.message("my cat is called Zerberus", user_id=FIRST)
        ready.say("my dog is called Fenris", user_id=NEXT)
        yield ready


def everything(table):
    with table.gateway.database().reading() as connection:
        return repr(connection.execute("SELECT collection, id, body FROM documents").fetchall())


def to_the_end(table):
    """Look through everything a second time, as if it were later."""
    eraser = erasing.eraser(table.gateway, table.gateway.local_queue)
    later = datetime.now(UTC) + timedelta(days=15)
    assert erase_due(replace(eraser, clock=lambda: later))


@pytest.mark.parametrize("sender", [FIRST, ELSEWHERE])
def test_the_former_owner_takes_nothing_of_the_next_one(table, sender):
    table.say("/forget yes", sender, user_id=FIRST)
    to_the_end(table)
    left = everything(table)
    assert "Zerberus" not in left
    assert FIRST not in left
    assert left.count("Fenris") == KEPT
    table.say("Hello", user_id=NEXT)
    assert table.assistant.asked[-1] == (f"whatsapp-{NEXT}", ["my dog is called Fenris"])


def test_the_next_owner_takes_nothing_of_the_former_one_and_comes_back_as_themselves(table):
    table.say("/forget yes", user_id=NEXT)
    to_the_end(table)
    left = everything(table)
    assert "Fenris" not in left
    assert NEXT not in left
    assert left.count("Zerberus") == KEPT
    table.say("Hello", user_id=NEXT)
    assert table.assistant.asked[-1] == (f"whatsapp-{NEXT}", [])
    table.say("Hello", ELSEWHERE, user_id=FIRST)
    assert table.assistant.asked[-1] == (f"whatsapp-{ANN}", ["my cat is called Zerberus"])


def test_who_has_the_number_next_and_says_nothing_but_forget_takes_nothing(table):
    table.say("/forget yes", user_id="US.THIRD3")
    to_the_end(table)
    left = everything(table)
    assert left.count("Fenris") == KEPT
    assert left.count("Zerberus") == KEPT
    assert "US.THIRD3" not in left


def test_a_late_message_of_who_was_forgotten_takes_nothing_of_who_has_the_number(table):
    table.say("/forget yes", FIRST, user_id=FIRST)
    to_the_end(table)
    sent = len(table.sent())
    assert table.hand_over(table.late)
    assert len(table.sent()) == sent
    assert "Zerberus" in everything(table), "its turn, until it is erased, too"
    to_the_end(table)
    left = everything(table)
    assert "Zerberus" not in left
    assert left.count("Fenris") == KEPT
    table.say("Hello", user_id=NEXT)
    assert table.assistant.asked[-1] == (f"whatsapp-{NEXT}", ["my dog is called Fenris"])


def test_that_the_former_owner_wants_no_messages_is_not_said_of_the_next_one(table):
    table.say("STOP", FIRST, user_id=FIRST)
    table.say("/forget yes", FIRST, user_id=FIRST)
    to_the_end(table)
    known = table.gateway.stores().conversations.read
    assert known(ANN, NEXT).opted_out_at is None
    assert known(ANN, NEXT).forgotten is None
    assert known(FIRST, FIRST).opted_out_at is not None


def test_a_late_message_leaves_an_erasure_that_is_not_done_as_it_is(table):
    table.say("/forget yes", ELSEWHERE, user_id=FIRST)
    erasures = table.gateway.stores().erasures
    begun = erasures.find(erasures.id_of(FIRST))
    assert table.hand_over(table.late)
    found = erasures.find(erasures.id_of(FIRST))
    assert found.names == begun.names == (ANN, ELSEWHERE, FIRST)
    assert (found.histories, found.spans, found.told) == (begun.histories, begun.spans, begun.told)
    to_the_end(table)
    assert "Zerberus" not in everything(table)
