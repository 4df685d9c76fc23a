"""Chat history: both sides of a turn as they are kept for good."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lib.conversation.moment import Outcome
from lib.conversation.question import question_text
from lib.model import HistoryEntry, InboundMessage, Role, Session

LONGEST_TEXT = 100_000
"""Characters kept of one text: an entry must fit into one document of a megabyte."""


def history_of(
    messages: Sequence[InboundMessage], outcome: Outcome, now: datetime
) -> tuple[HistoryEntry, ...]:
    """Return the entries for what the person said and, if anything, for what was answered.

    The answer belongs to the first of the messages that are one question.
    """
    if outcome.session is None or not outcome.kind:
        return ()
    said = tuple(
        _said(message, outcome, outcome.session, first=not number)
        for number, message in enumerate(messages)
    )
    if not outcome.chunks:
        return said
    text, thinking = outcome.text[:LONGEST_TEXT], outcome.thinking[:LONGEST_TEXT]
    return (*said, replace(said[0], role=Role.ASSISTANT, text=text, at=now, thinking=thinking))


def _said(
    message: InboundMessage, outcome: Outcome, session: Session, *, first: bool
) -> HistoryEntry:
    # What was understood was so of all of them together.
    read = outcome.attachments if first or outcome.attachments is None else ""
    return HistoryEntry(
        message_id=message.id,
        role=Role.USER,
        text=question_text(message, attachments=read)[:LONGEST_TEXT],
        kind=outcome.kind,
        name=session.name,
        assistant_id=outcome.assistant_id or session.assistant_id,
        trace_id=message.trace_id,
        at=message.received_at,
    )
