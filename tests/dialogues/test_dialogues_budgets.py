"""Budgets of questions and of money, on a whole gateway."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.conversation.limits import Limits
from lib.errors import AssistantRefusedError, AssistantTimeoutError
from lib.model import Answer, TokenUsage
from tests.local_gateway import local_gateway

CATALOGUE = """
assistants:
  default-assistant: {name: Writer, price_per_question: 0.25, price_out: 1}
  free: {name: Free}
  scarce: {name: Scarce, price_per_question: 1, budget_per_day: 2}
"""
USED_UP = "You have used up what you may ask today. You can ask again at 00:00 UTC."
ALL_USED_UP = "As much was asked today as I may answer. You can ask again at 00:00 UTC."
SCARCE = (
    "This assistant has answered as much as it may today. You can ask it again at 00:00 UTC; "
    "/list shows who else is there."
)
BOB = "+15550002222"


class Teller:
    """Answers, and tells what it took; or fails as it is told."""

    def __init__(self, tokens=None):
        self.tokens = tokens
        self.error = None

    def ask(self, assistant, question, listener):
        if self.error:
            raise self.error
        return Answer("Hi", tokens=self.tokens)


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as running:
        yield running


def limited(table, client, **limits):
    changed = {"clients": {"vac": client}, "limits": Limits(**limits)}
    table.gateway.parts["responder"] = replace(table.gateway.responder(), **changed)


def below(percent, questions=""):
    left = f" Questions left: {questions}." if questions else ""
    return (
        f"Hi\n\n_Used of what you may ask today: {percent} %.{left} It begins anew at 00:00 UTC._"
    )


def test_a_person_is_told_once_when_little_is_left_and_then_that_nothing_is(table):
    limited(table, Teller(), questions_per_contact=5)
    said = [table.say("Hello") for _ in range(6)]
    assert said == [["Hi"], ["Hi"], ["Hi"], [below(80, "1")], ["Hi"], [USED_UP]]
    assert table.say("Hello", BOB) == ["Hi"]


def test_money_is_counted_by_question_and_by_what_was_written(table):
    limited(table, Teller(TokenUsage(5, 150_000)), budget_per_person=1_000_000)
    assert table.say("Hello") == ["Hi"]
    assert table.say("Hello") == [below(80)]
    assert table.say("Hello") == ["Hi"]  # over the budget by a part of one answer
    assert table.say("Hello") == [USED_UP]
    why = table.say("/why")[0].splitlines()
    assert "• Cost: 0.40" in why
    assert "• Budget left today: 0.00 (used: 100 %)" in why


def test_commands_and_assistants_without_a_price_say_nothing_of_money(table):
    limited(table, Teller())
    table.say("/switch free")
    assert table.say("Hello") == ["Hi"]
    assert "Cost" not in table.say("/why")[0]


def test_what_no_assistant_told_is_estimated(table):
    limited(table, Teller())
    table.say("Hello")
    assert "• Cost: 0.250001" in table.say("/why")[0].splitlines()


def test_the_next_day_everything_begins_anew(table):
    limited(table, Teller(), budget_per_person=250_000)
    assert table.say("Hello") == [below(100)]
    assert table.say("Hello") == [USED_UP]
    responder = table.gateway.responder()
    later = responder.clock() + timedelta(days=1)
    table.gateway.parts["responder"] = replace(responder, clock=lambda: later)
    message = replace(table.message("Hello"), received_at=later)
    assert table.hand_over(message)
    assert table.sent()[-1] == below(100)


@pytest.mark.parametrize(
    ("error", "is_paid"),
    [(AssistantTimeoutError("late"), True), (AssistantRefusedError("down"), False)],
)
def test_an_attempt_is_paid_where_the_assistant_was_reached(table, error, is_paid):
    client = Teller()
    limited(table, client, budget_per_person=250_000)
    client.error = error
    table.say("Hello")
    client.error = None
    assert (table.say("Hello") == [USED_UP]) is is_paid


def test_all_people_together_have_a_budget_and_operators_get_an_alarm(table, caplog):
    limited(table, Teller(), budget_per_day=500_000)
    assert [table.say("Hello", f"+1555000333{one}") for one in range(2)] == [["Hi"], ["Hi"]]
    with caplog.at_level(logging.ERROR):
        assert table.say("Hello", BOB) == [ALL_USED_UP]
    errors = [one.message for one in caplog.records if one.levelno == logging.ERROR]
    assert errors == ["shared budget used up"]
    assert "Commands" in table.say("/help", BOB)[0]


def test_an_assistant_has_a_budget_of_its_own(table):
    limited(table, Teller())
    for person in ("+15550004441", "+15550004442", BOB):
        table.say("/switch scarce", person)
    assert table.say("Hello", "+15550004441") == ["Hi"]
    assert table.say("Hello", "+15550004442") == ["Hi"]
    assert table.say("Hello", BOB) == [SCARCE]
    table.say("/switch free", BOB)
    assert table.say("Hello", BOB) == ["Hi"]


def test_whoever_has_limits_of_their_own_is_told_by_those(tmp_path):
    own = 'user_permissions:\n  "+15550001111@whatsapp.user": {limits: {questions_per_day: 2}}\n'
    with local_gateway(tmp_path, CATALOGUE + own) as table:
        limited(table, Teller(), questions_per_contact=100)
        assert table.say("One") == ["Hi"]
        assert table.say("Two") == [below(100, "0")]
        assert table.say("Three") == [USED_UP]
        assert table.say("One", BOB) == ["Hi"]


def test_whoever_has_a_budget_of_their_own_is_told_by_that(tmp_path):
    own = """
user_permissions:
  "+15550001111@whatsapp.user": {limits: {budget_per_day: 0.5}}
  "+15550003333@whatsapp.user": {limits: {budget_per_day: 0}}
"""
    with local_gateway(tmp_path, CATALOGUE + own) as table:
        limited(table, Teller(TokenUsage(5, 0)), budget_per_person=250_000)
        assert [table.say("Hello") for _ in range(3)] == [["Hi"], [below(100)], [USED_UP]]
        assert "• Budget left today: 0.00 (used: 100 %)" in table.say("/why")[0].splitlines()
        assert [table.say("Hello", BOB) for _ in range(2)] == [[below(100)], [USED_UP]]
        without = "+15550003333"
        assert [table.say("Hello", without) for _ in range(3)] == [["Hi"]] * 3
        assert "left today" not in table.say("/why", without)[0]


def test_everybody_s_rule_may_be_a_budget_where_the_settings_have_none(tmp_path):
    rule = 'user_permissions:\n  "*": {limits: {budget_per_day: "0.25"}}\n'
    with local_gateway(tmp_path, CATALOGUE + rule) as table:
        limited(table, Teller())
        assert table.say("Hello") == [below(100)]
        assert table.say("Hello") == [USED_UP]
        table.say("/switch free")
        # Of money spent, whoever answers: as with the settings' budget.
        assert table.say("Hello") == [USED_UP]


def test_whoever_is_forgotten_has_used_what_they_used(table):
    limited(table, Teller(), questions_per_contact=2)
    assert table.say("Hello") == ["Hi"]
    for _ in range(2):
        table.say("/forget yes")
    assert table.say("Hello") == [below(100, "0")]
    table.say("/forget yes")
    assert table.say("Hello") == [USED_UP]
    assert table.say("Hello", BOB) == ["Hi"]


def test_money_that_was_spent_is_not_forgotten(table):
    limited(table, Teller(), budget_per_person=250_000)
    assert table.say("Hello") == [below(100)]
    table.say("/forget yes")
    assert table.say("Hello") == [USED_UP]
