"""Sessions as documents of ``whatsapp_sessions``, and back; some fields have an inside."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lib.model import Exchange, Session, Usage
from lib.ports.documents import Document
from lib.storage.fields import number, text, texts, time, time_if_any, times
from lib.storage.keeping import DEFAULT_KEEPING, Keeping

if TYPE_CHECKING:
    from lib.model.access import Login
    from lib.model.human import Human
    from lib.model.span import Span


def session_document(session: Session, keeping: Keeping = DEFAULT_KEEPING) -> Document:
    """A document of ``whatsapp_sessions``; its id is the contact."""
    return {
        "phone_number": session.phone_number,
        "assistant_id": session.assistant_id,
        "session_id": session.id,
        "user_email": session.user_email,
        "user_id": session.user_id,
        "number_since": session.number_since,
        "known_as": session.known_as,
        "display_name": session.display_name,
        "created_at": session.created_at,
        "last_active": session.last_active,
        "expire_at": keeping.end_of_session(session.last_active),
        "recent": [{"question": p.question, "answer": p.answer} for p in session.recent],
        "parked": list(session.parked),
        "unreachable": session.unreachable,
        "usage": usage_document(session.usage),
        "opted_out_at": session.opted_out_at,
        "wrote_at": session.wrote_at,
        "held": session.held,
        "question": session.question,
        "answered_at": session.answered_at,
        "original": session.original,
        "comment_on": session.comment_on,
        "comment_until": session.comment_until,
        "voice": session.voice,
        "spoken": session.spoken,
        "spoken_on": session.spoken_on,
        "unsure": session.unsure,
        "human": human_field(session.human),
        "introduced": session.introduced,
        "away_told": session.away_told,
        "language": session.language,
        "opted_in_at": session.opted_in_at,
        "login": login_field(session.login),
        "wrong_codes": list(session.wrong_codes),
        "spent": session.spent,
        "spent_on": session.spent_on,
        "budget_told": session.budget_told,
        "user_id_since": session.user_id_since,
        "merged_into": session.merged_into,
        "merged": list(session.merged),
        "consent": session.consent,
        "news": session.news,
        "former_numbers": spans_field(session.former_numbers),
    }


def read_session(contact: str, document: Mapping[str, Any]) -> Session:
    """The session of a contact."""
    created = time(document.get("created_at"))
    recent = document.get("recent")
    return Session(
        contact=contact,
        phone_number=text(document.get("phone_number")),
        assistant_id=text(document.get("assistant_id")),
        user_id=text(document.get("user_id")),
        number_since=time_if_any(document.get("number_since")),
        known_as=text(document.get("known_as")),
        display_name=text(document.get("display_name")),
        created_at=created,
        last_active=time(document.get("last_active"), created),
        recent=exchanges_of(recent),
        parked=texts(document.get("parked")),
        unreachable=text(document.get("unreachable")),
        usage=read_usage(document),
        opted_out_at=time_if_any(document.get("opted_out_at")),
        wrote_at=time_if_any(document.get("wrote_at")),
        held=text(document.get("held")),
        question=text(document.get("question")),
        answered_at=time_if_any(document.get("answered_at")),
        original=text(document.get("original")),
        comment_on=text(document.get("comment_on")),
        comment_until=time_if_any(document.get("comment_until")),
        voice=text(document.get("voice")),
        spoken=int(number(document.get("spoken"))),
        spoken_on=text(document.get("spoken_on")),
        unsure=text(document.get("unsure")),
        human=human_of(document.get("human")),
        introduced=text(document.get("introduced")),
        away_told=text(document.get("away_told")),
        language=text(document.get("language")),
        opted_in_at=time_if_any(document.get("opted_in_at")),
        login=login_of(document.get("login")),
        wrong_codes=times(document.get("wrong_codes")),
        spent=int(number(document.get("spent"))),
        spent_on=text(document.get("spent_on")),
        budget_told=text(document.get("budget_told")),
        user_id_since=time_if_any(document.get("user_id_since")),
        merged_into=text(document.get("merged_into")),
        merged=texts(document.get("merged")),
        consent=text(document.get("consent")),
        news=text(document.get("news")),
        former_numbers=former_numbers_of(document.get("former_numbers")),
        stored_as=contact,
    )


def spans_field(spans: Iterable["Span"]) -> list[Document]:
    """What a document says of names, and when they were somebody's."""
    return [{"name": one.name, "since": one.since, "until": one.until} for one in spans]


def usage_document(usage: Usage) -> Document:
    """What a document says of limits."""
    return {
        "tokens": usage.tokens,
        "counted_at": usage.counted_at,
        "warned": usage.warned,
        "day": usage.day,
        "asked": usage.asked,
    }


def read_usage(document: Mapping[str, Any]) -> Usage:
    """What a document says of limits."""
    used = document.get("usage")
    if not isinstance(used, Mapping):
        return Usage()
    asked = used.get("asked")
    return Usage(
        tokens=number(used.get("tokens")),
        counted_at=time_if_any(used.get("counted_at")),
        warned=used.get("warned") is True,
        day=text(used.get("day")),
        asked=asked if isinstance(asked, int) else 0,
    )


def human_field(human: "Human | None") -> Document | None:
    """What a document says of the human who has its person."""
    if human is None:
        return None
    from lib.storage.stores.human_documents import human_document  # noqa: PLC0415 - few people have

    return human_document(human)


def human_of(document: object) -> "Human | None":
    """The human who has a person, by what a document says."""
    if not isinstance(document, Mapping):
        return None
    from lib.storage.stores.human_documents import read_human  # noqa: PLC0415 - as above

    return read_human(dict(document))


def login_field(login: "Login | None") -> Document | None:
    """What a document says of a login."""
    if login is None:
        return None
    from lib.storage.stores.invitations import login_document  # noqa: PLC0415 - as above

    return login_document(login)


def login_of(document: object) -> "Login | None":
    """A login, by what a document says."""
    if not isinstance(document, Mapping):
        return None
    from lib.storage.stores.invitations import read_login  # noqa: PLC0415 - as above

    return read_login(dict(document))


def former_numbers_of(listed: object) -> "tuple[Span, ...]":
    """The numbers that the person of a document had."""
    if not listed:
        return ()
    from lib.storage.stores.span_documents import spans_of  # noqa: PLC0415 - as above

    return spans_of(listed)


def exchanges_of(pairs: object) -> tuple[Exchange, ...]:
    """The pairs that a document remembers."""
    listed = pairs if isinstance(pairs, list) else []
    known = (pair for pair in listed if isinstance(pair, Mapping))
    return tuple(Exchange(text(p.get("question")), text(p.get("answer"))) for p in known)
