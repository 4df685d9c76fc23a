"""Limits: how fast a person may write, and how often assistants are asked in a day.

Counted in the session, which is read and written for each message anyway; only the budget of
all contacts together is a counter of its own.
"""

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from lib.model import Permissions, Session, Usage
from lib.storage.stores.counters import Counters

MOST_SHARDS = 10
"""Counters among which a budget is divided: a single document takes about one write a second."""

_LEAST_IN_SHARD = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed; 0 means without limit.

    ``blocked`` are the names of people who are passed over, under whatever name they write. Budgets
    are what answers may cost in a day, in millionths; see ``lib.people.budget``.
    """

    messages_per_minute: int = 0
    questions_per_contact: int = 0
    questions_per_day: int = 0
    blocked: frozenset[str] = frozenset()
    budget_per_person: int = 0
    budget_per_day: int = 0


def own_limits(permissions: Permissions, limits: Limits) -> Limits:
    """Return what is allowed to a person who may have limits of their own."""
    own = permissions.limits
    if not own:
        return limits
    return replace(
        limits,
        messages_per_minute=own.get("messages_per_minute", limits.messages_per_minute),
        questions_per_contact=own.get("questions_per_day", limits.questions_per_contact),
        budget_per_person=own.get("budget_per_day", limits.budget_per_person),
    )


class Admission(Enum):
    """Whether a message is worked on, answered with a warning, or passed over in silence."""

    ADMITTED = "admitted"
    WARNED = "warned"
    IGNORED = "ignored"


def admit(usage: Usage, received_at: datetime, per_minute: int) -> tuple[Usage, Admission]:
    """Count a message by the time it came, whenever it is worked on.

    A bucket of ``per_minute`` messages that fills evenly. Whoever empties it is told once, and
    again only after half of it has filled up.
    """
    if per_minute <= 0:
        return usage, Admission.ADMITTED
    tokens = _tokens(usage, received_at, per_minute)
    warned = usage.warned and tokens < per_minute / 2
    counted = replace(usage, counted_at=received_at, warned=warned)
    if tokens >= 1:
        return replace(counted, tokens=tokens - 1), Admission.ADMITTED
    admission = Admission.IGNORED if warned else Admission.WARNED
    return replace(counted, tokens=tokens, warned=True), admission


def _tokens(usage: Usage, received_at: datetime, per_minute: int) -> float:
    if usage.counted_at is None:
        return float(per_minute)
    passed = max(0.0, (received_at - usage.counted_at).total_seconds())
    return min(float(per_minute), usage.tokens + passed * per_minute / 60)


def spend(
    session: Session, limits: Limits, counters: Counters, question: str, now: datetime
) -> Session | None:
    """Count a question; return the session afterwards, or None if there were too many.

    ``question`` is an id of its own.

    Raises:
        StoreError: the counter of all contacts together cannot be reached.
    """
    usage, asked = session.usage, _asked(session.usage, now)
    if 0 < limits.questions_per_contact <= asked:
        return None
    if limits.questions_per_day and not _granted(limits.questions_per_day, counters, question, now):
        return None
    return replace(session, usage=replace(usage, day=_day(now), asked=asked + 1))


def questions_left(session: Session, limits: Limits, now: datetime) -> int | None:
    """Return how many more questions the person may ask today; None where there is no limit."""
    if limits.questions_per_contact <= 0:
        return None
    return max(0, limits.questions_per_contact - _asked(session.usage, now))


def spend_speech(session: Session, characters: int, most: int, now: datetime) -> Session | None:
    """Count what is spoken to a person; return the session afterwards, or None if it is too much.

    ``most`` characters may be in a day; 0 is without limit.
    """
    spoken = _spoken(session, now) + characters
    return None if 0 < most < spoken else replace(session, spoken=spoken, spoken_on=_day(now))


def speech_left(session: Session, most: int, now: datetime) -> int | None:
    """Return how many more characters may be spoken today; None where there is no limit."""
    return max(0, most - _spoken(session, now)) if most > 0 else None


def _spoken(session: Session, now: datetime) -> int:
    return session.spoken if session.spoken_on == _day(now) else 0


def _asked(usage: Usage, now: datetime) -> int:
    return usage.asked if usage.day == _day(now) else 0


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _granted(limit: int, counters: Counters, question: str, now: datetime) -> bool:
    shards = max(1, min(MOST_SHARDS, limit // _LEAST_IN_SHARD))
    shard = zlib.crc32(question.encode()) % shards
    name = f"questions-{_day(now)}-{shard}"
    share = limit // shards + (shard < limit % shards)
    return counters.count(name, now + timedelta(days=2)) <= share
