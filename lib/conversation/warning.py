"""The sentence below an answer when little is left of a person's budgets."""

from dataclasses import replace
from datetime import UTC, datetime

from lib.conversation.limits import Limits, questions_left
from lib.conversation.spending import spent
from lib.model import Session
from lib.people.budget import NEARLY, percent
from lib.reply import budget_texts as texts
from lib.reply.phrase import Phrase


def warning(session: Session, limits: Limits, now: datetime) -> tuple[Phrase | None, Session]:
    """Return it, and the session of who was told; nothing where much is left, or they were."""
    day = now.astimezone(UTC).date().isoformat()
    if session.budget_told == day:
        return None, session
    left = questions_left(session, limits, now)
    used = max(
        percent(limits.questions_per_contact - left, limits.questions_per_contact)
        if left is not None
        else 0,
        percent(spent(session, now), limits.budget_per_person) if limits.budget_per_person else 0,
    )
    if used < NEARLY:
        return None, session
    return texts.nearly_used(used, left), replace(session, budget_told=day)
