"""Money: what answers cost, counted for a person, an assistant and all, and how much is left.

What an answer costs is known when it is there. So whoever has not used up a budget is answered,
and each person goes beyond it by one answer at most: their questions are answered one at a time.
"""

import logging
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lib.conversation.limits import Limits
from lib.conversation.moment import Tools
from lib.errors import StoreError
from lib.model import Answer, Assistant, Question, Session
from lib.people import budget
from lib.people.budget import AmountError, Price
from lib.reply import budget_texts as texts
from lib.reply.phrase import Phrase

SHARDS = 10
"""Counters among which a sum is divided: a single document takes about one write a second."""

_log = logging.getLogger(__name__)


def refusal(session: Session, assistant: Assistant, limits: Limits, tools: Tools) -> Phrase | None:
    """Say why an assistant is not asked now, since a budget of money is used up; mostly nothing.

    ``limits`` are the person's. One round trip where all people, or all of an assistant's, have a
    budget together.

    Raises:
        StoreError: nobody can tell what was spent.
    """
    now = tools.clock()
    if 0 < limits.budget_per_person <= spent(session, now):
        return texts.USED_UP
    budgets = _shared(assistant, limits)
    if not budgets:
        return None
    sums = tools.stores.counters.totals([_shards(whose, now) for whose, _, _ in budgets])
    for (whose, most, sentence), used in zip(budgets, sums, strict=True):
        if used >= most:
            _log.error("shared budget used up", extra={"assistant_id": whose})
            return sentence
    return None


def spent(session: Session, now: datetime) -> int:
    """Return what a person's answers cost today."""
    return session.spent if session.spent_on == _day(now) else 0


def left(session: Session, limits: Limits, now: datetime) -> int | None:
    """Return what a person's answers may yet cost today; None where there is no limit."""
    most = limits.budget_per_person
    return max(0, most - spent(session, now)) if most > 0 else None


def charge(
    assistant: Assistant, question: Question, answer: Answer | None, tools: Tools
) -> int | None:
    """Return what an answer cost, counted for all; None where the assistant has no price.

    An ``answer`` that never came whole is counted by its question. Whoever asks again after a crash
    pays again, and so it is counted.
    """
    price = _price(assistant)
    if price is None:
        return None
    cost = _cost(price, question, answer)
    _count(assistant, question.trace_id, cost, tools, tools.clock())
    return cost


def billed(session: Session, cost: int, now: datetime) -> Session:
    """Return the session of who was given an answer that cost so much."""
    return replace(session, spent=spent(session, now) + cost, spent_on=_day(now))


def _cost(price: Price, question: Question, answer: Answer | None) -> int:
    if answer is not None and answer.tokens is not None:
        return price.cost(answer.tokens.prompt, answer.tokens.completion)
    said = [text for pair in question.history for text in (pair.question, pair.answer)]
    written = (answer.text, answer.thinking) if answer else ()
    read = budget.estimated_tokens(question.text, *said)
    return price.cost(read, budget.estimated_tokens(*written))


def _count(assistant: Assistant, trace_id: str, cost: int, tools: Tools, now: datetime) -> None:
    """Add a cost to what all have spent, where that matters; the answer is there in any case."""
    shard = zlib.crc32(trace_id.encode()) % SHARDS
    try:
        for whose, _, _ in _shared(assistant, tools.limits):
            name = _shards(whose, now)[shard]
            tools.stores.counters.add(name, cost, now + timedelta(days=2))
    except StoreError as error:
        facts = {"assistant_id": assistant.id, "reason": str(error)}
        _log.error("cost of an answer not counted", extra=facts)


def _shared(assistant: Assistant, limits: Limits) -> list[tuple[str, int, Phrase]]:
    """The budgets that people share: whose each is (all people's has no name), and the refusal."""
    own = _own_budget(assistant)
    return [
        (whose, most, sentence)
        for whose, most, sentence in (
            ("", limits.budget_per_day, texts.ALL_USED_UP),
            (assistant.id, own, texts.ASSISTANT_USED_UP),
        )
        if most > 0
    ]


def _shards(whose: str, now: datetime) -> list[str]:
    name = f"spent-{_day(now)}-{whose}" if whose else f"spent-{_day(now)}"
    return [f"{name}-{shard}" for shard in range(SHARDS)]


def _price(assistant: Assistant) -> Price | None:
    told = tuple(assistant.settings.get(name, "") for name in budget.PRICES)
    return _read_price(assistant.id, told) if any(told) else None


def _own_budget(assistant: Assistant) -> int:
    written = assistant.settings.get("budget_per_day", "")
    return _read_budget(assistant.id, written) if written else 0


@lru_cache(maxsize=256)
def _read_price(assistant_id: str, told: tuple[str, ...]) -> Price | None:
    """A price that was read; none, and a line in the log once a process, where it cannot be."""
    try:
        return budget.price_of(dict(zip(budget.PRICES, told, strict=True)))
    except AmountError as error:
        _unread(assistant_id, error)
        return None


@lru_cache(maxsize=256)
def _read_budget(assistant_id: str, written: str) -> int:
    try:
        return budget.amount("budget_per_day", written)
    except AmountError as error:
        _unread(assistant_id, error)
        return 0


def _unread(assistant_id: str, error: AmountError) -> None:
    facts = {"assistant_id": assistant_id, "reason": str(error)}
    _log.error("price cannot be read", extra=facts)


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
