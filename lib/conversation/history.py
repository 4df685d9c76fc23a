"""Chat history: both sides of a turn as they are kept for good."""

from dataclasses import replace
from datetime import datetime

from lib.conversation.moment import Outcome
from lib.conversation.question import question_text
from lib.model import HistoryEntry, InboundMessage, Role

LONGEST_TEXT = 100_000
"""Characters kept of one text: an entry must fit into one document of a megabyte."""


def history_of(
    message: InboundMessage, outcome: Outcome, now: datetime
) -> tuple[HistoryEntry, ...]:
    """Return the entries for what the person said and, if anything, for what was answered."""
    if outcome.session is None or not outcome.kind:
        return ()
    said = HistoryEntry(
        message_id=message.id,
        role=Role.USER,
        text=question_text(message)[:LONGEST_TEXT],
        kind=outcome.kind,
        name=outcome.session.name,
        assistant_id=outcome.session.assistant_id,
        trace_id=message.trace_id,
        at=message.received_at,
    )
    if not outcome.chunks:
        return (said,)
    text, thinking = outcome.text[:LONGEST_TEXT], outcome.thinking[:LONGEST_TEXT]
    return said, replace(said, role=Role.ASSISTANT, text=text, at=now, thinking=thinking)
