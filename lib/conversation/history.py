"""Chat history: both sides of a turn as they are kept for good."""

from datetime import datetime

from lib.conversation.decision import Decision
from lib.conversation.question import question_text
from lib.model import HistoryEntry, InboundMessage, Role

LONGEST_TEXT = 100_000
"""Characters kept of one text: an entry must fit into one document of a megabyte."""


def history_of(
    message: InboundMessage, decision: Decision, now: datetime
) -> tuple[HistoryEntry, ...]:
    """Return the entries for what the person said and, if anything, for what was answered."""
    asked = _entry(message, decision, Role.USER, question_text(message), message.received_at)
    if not decision.chunks:
        return (asked,)
    return asked, _entry(message, decision, Role.ASSISTANT, decision.text, now, decision.thinking)


def _entry(
    message: InboundMessage,
    decision: Decision,
    role: Role,
    text: str,
    at: datetime,
    thinking: str = "",
) -> HistoryEntry:
    return HistoryEntry(
        message_id=message.id,
        role=role,
        text=text[:LONGEST_TEXT],
        kind=decision.kind,
        contact=decision.session.contact,
        assistant_id=decision.session.assistant_id,
        trace_id=message.trace_id,
        at=at,
        thinking=thinking[:LONGEST_TEXT],
    )
