"""Budgets of money while a hundred people ask at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock

import pytest

from lib.conversation.converse import converse
from lib.conversation.limits import Limits
from lib.conversation.moment import Tools
from lib.model import Answer, Assistant, Conversation, InboundMessage, Permissions
from lib.ports.typing import no_typing

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
PEOPLE, QUESTIONS = 100, 5
USED_UP = "You can ask again at 00:00 UTC."


class Counting:
    def __init__(self):
        self.asked = 0
        self._lock = Lock()

    def ask(self, assistant, question, listener):
        with self._lock:
            self.asked += 1
        return Answer("Hi")


def ask_all(stores, **limits):
    """Let everybody ask one question after another; return how many each was answered, and all."""
    client = Counting()
    tools = Tools(
        stores=stores,
        clients={"vac": client},
        default_assistant=Assistant("a", "A", settings={"price_per_question": "1"}),
        typing=no_typing,
        limits=Limits(**limits),
        clock=lambda: NOW,
    )

    def person(number):
        contact, session, answered = f"+1555{number:07d}", None, 0
        for count in range(QUESTIONS):
            message = InboundMessage(f"SM{number}x{count}", contact, NOW, text="Hello")
            known = Conversation(contact, session, Permissions(), ())
            outcome = converse(message, known, tools)
            session = outcome.session
            answered += not outcome.chunks[0].endswith(USED_UP)
        return answered

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(person, range(PEOPLE))), client.asked


def test_nobody_gets_more_than_one_answer_beyond_their_budget(stores):
    # A budget of one question and a half: the second one goes beyond it.
    answered, asked = ask_all(stores, budget_per_person=1_500_000)
    assert answered == [2] * PEOPLE
    assert asked == 2 * PEOPLE


@pytest.mark.slow
def test_all_together_go_beyond_their_budget_by_what_runs_at_once(stores):
    answered, asked = ask_all(stores, budget_per_day=50_000_000)
    assert 50 <= asked == sum(answered) <= 50 + 20
