"""Sessions: opened on the first message, touched on each, and what they remember."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from lib.address import is_phone, spellings
from lib.model import Conversation, Exchange, InboundMessage, Session
from lib.reply.visible import clean

if TYPE_CHECKING:
    from lib.model.span import Span

PAIRS = 5
"""More would make a VAC's cache mix up two people's histories (assistant API, section 3)."""

MEMORY_LIMIT = 10_000
"""Characters kept of each side of a remembered pair, so that a session stays a small document."""

LONGEST_NAME = 100
"""Characters of a profile name; WhatsApp lets people write 25."""

LONGEST_RAW = 4096
"""Characters of what is said to be one that are looked at."""


def open_session(
    conversation: Conversation, message: InboundMessage, assistant_id: str, now: datetime
) -> Session:
    """Return the contact's session as of this message; a new one starts with the assistant."""
    known = conversation.session
    if known is not None:
        name = shown_name(message.profile_name) or shown_name(known.display_name)
        # The number of somebody who was met without one, once it is shown.
        shown = () if conversation.merged else (conversation.contact, message.address)
        phone = next(filter(is_phone, shown), known.phone_number)
        moved = phone not in spellings(known.phone_number)
        before = _left_behind(known, message.received_at) if moved else known.former_numbers
        return replace(
            known,
            phone_number=phone,
            user_id=known.user_id or ("" if conversation.merged else message.user_id),
            number_since=None if moved else known.number_since,
            former_numbers=before,
            display_name=name or _unnamed(conversation.contact),
            last_active=now,
            unreachable="",
            held="" if known.held == message.id else known.held,
            # A message that is replayed is not the newest.
            wrote_at=max(known.wrote_at or message.received_at, message.received_at),
        )
    is_next_owner = conversation.former is not None or _is_of_a_next_owner(conversation)
    begun = Session(
        contact=conversation.contact,
        phone_number=next(filter(is_phone, (conversation.contact, message.address)), ""),
        assistant_id=assistant_id,
        display_name=shown_name(message.profile_name) or _unnamed(conversation.contact),
        created_at=now,
        last_active=now,
        wrote_at=message.received_at,
        user_id=message.user_id,
        number_since=message.received_at if is_next_owner else None,
        known_as=message.user_id if is_next_owner else "",
        opted_out_at=conversation.opted_out_at,
        opted_in_at=conversation.opted_in_at,
        user_id_since=message.received_at if conversation.former else None,
    )
    return conversation.forgotten.used.by(begun) if conversation.forgotten else begun


def _left_behind(known: Session, at: datetime) -> "tuple[Span, ...]":
    """The numbers of a person who shows another one than before."""
    if not known.phone_number or any(s.name == known.phone_number for s in known.former_numbers):
        return known.former_numbers
    from lib.model.span import Span  # noqa: PLC0415 - few people have another number

    return (*known.former_numbers, Span(known.phone_number, known.number_since, at))


def _is_of_a_next_owner(conversation: Conversation) -> bool:
    """Whether a number is known not to be its first owner's, of whom something may be left."""
    known = conversation.forgotten
    return known is not None and known.number_since is not None


def shown_name(name: str) -> str:
    """Return a person's profile name as it can be kept and shown: one short line, all to be seen.

    People choose it, so it may be as long as they like, and turn the text around it.
    """
    visible = " ".join(clean(name[:LONGEST_RAW]).split())
    return clean(visible[:LONGEST_NAME]).strip()


def _unnamed(contact: str) -> str:
    return f"WhatsApp User {contact[-4:]}"


def switch(session: Session, assistant_id: str) -> Session:
    """Return the session with an assistant, which may be the one it has."""
    if assistant_id == session.assistant_id:
        return session
    return replace(session, assistant_id=assistant_id)


def opt_out(session: Session, at: datetime) -> Session:
    """Return the session of somebody who said then that they want no message but answers.

    Somebody who took it back later has done so: a word may overtake an earlier one.
    """
    if session.opted_in_at is not None and at < session.opted_in_at:
        return session
    return replace(session, opted_out_at=session.opted_out_at or at)


def opt_in(session: Session, at: datetime) -> Session:
    """Return the session of somebody who took that back then."""
    return replace(session, opted_out_at=None, opted_in_at=max(at, session.opted_in_at or at))


def remember(session: Session, question: str, answer: str) -> Session:
    """Return the session with one more complete pair, the oldest forgotten."""
    pair = Exchange(question[:MEMORY_LIMIT], answer[:MEMORY_LIMIT])
    return replace(session, recent=(*session.recent, pair)[-PAIRS:])


def forget(session: Session) -> Session:
    """Return the session with nothing remembered, and nothing waited for."""
    return replace(without_comment(session), recent=())


def without_comment(session: Session) -> Session:
    """Return the session of somebody who is not to comment on an answer."""
    return replace(session, comment_on="", comment_until=None)


def without(recent: tuple[Exchange, ...], question: str) -> tuple[Exchange, ...]:
    """Return the remembered pairs but for the newest one, if it has this question."""
    is_newest = bool(recent) and recent[-1].question == question[:MEMORY_LIMIT]
    return recent[:-1] if is_newest else recent
