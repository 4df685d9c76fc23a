"""Sessions, and the links from business-scoped ids to the contacts that sessions are kept under."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lib.address import is_phone
from lib.model import Session
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Write
from lib.storage.fields import number, text, texts, time, time_if_any
from lib.storage.keeping import SESSIONS_KEPT_FOR
from lib.storage.stores.session_fields import (
    exchanges_of,
    human_field,
    human_of,
    login_field,
    login_of,
    read_usage,
    times_of,
    usage_document,
)

SESSIONS = "whatsapp_sessions"
CONTACTS = "whatsapp_contacts"


class Sessions:
    """The store of sessions and links. They are read with all else that is known of a person."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def documents_of(self, contact: str) -> Iterator[tuple[Key, Stored]]:
        """Give a contact's session, and the links that lead to it."""
        yield from self._documents.read([Key(SESSIONS, contact)]).items()
        yield from self._documents.query(CONTACTS, Equal("contact", contact))

    def newest(self, most: int) -> list[Session]:
        """Return the sessions that were used last, the latest first."""
        found = self._documents.newest(SESSIONS, "last_active", most)
        return [read_session(key.id, stored.document) for key, stored in found]

    def of_names(self, names: Iterable[str]) -> Iterator[Session]:
        """Give the sessions that are kept under names, and those of who has or had such a number.

        Some are given twice.
        """
        keys = [Key(SESSIONS, name) for name in names]
        found = [*self._documents.read(keys).items()] if keys else []
        for name in filter(is_phone, (key.id for key in keys)):
            found += self._documents.query(SESSIONS, Equal("phone_number", name))
        yield from (read_session(key.id, stored.document) for key, stored in found)

    def name_of(self, contact: str) -> str:
        """Return the name under which history knows a contact."""
        key = Key(SESSIONS, contact)
        stored = self._documents.read([key]).get(key)
        return read_session(contact, stored.document).name if stored else contact


def session_write(session: Session) -> Write:
    """What keeps a session."""
    return Write(Key(SESSIONS, session.contact), session_document(session))


def link_write(user_id: str, contact: str) -> Write:
    """What links a business-scoped id to its contact."""
    return Write(Key(CONTACTS, user_id), {"contact": contact})


def archive_writes(former: Session) -> tuple[Write, ...]:
    """What keeps the session of a number's former owner, under their business-scoped id.

    Without what waits for them: it would be sent to the number, and so to somebody else.
    """
    kept = replace(
        former, contact=former.user_id, known_as=former.name, parked=(), held="", human=None
    )
    return session_write(kept), link_write(former.user_id, former.user_id)


def question_write(contact: str, turn_id: str) -> Write:
    """What a session says of the last question, where nothing else of it is known to be right."""
    return Write(Key(SESSIONS, contact), {"question": turn_id, "original": ""})


def unreachable_write(contact: str, code: str) -> Write:
    """What a session says once its contact cannot be reached."""
    return Write(Key(SESSIONS, contact), {"unreachable": code})


def opted_out_write(contact: str, at: datetime) -> Write:
    """What a session says once its person wants no more messages, as it was learnt elsewhere."""
    return Write(Key(SESSIONS, contact), {"opted_out_at": at})


def session_document(session: Session) -> Document:
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
        "expire_at": session.last_active + SESSIONS_KEPT_FOR,
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
        "news": session.news,
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
        wrong_codes=times_of(document.get("wrong_codes")),
        spent=int(number(document.get("spent"))),
        spent_on=text(document.get("spent_on")),
        budget_told=text(document.get("budget_told")),
        user_id_since=time_if_any(document.get("user_id_since")),
        merged_into=text(document.get("merged_into")),
        news=text(document.get("news")),
    )


def read_link(document: Mapping[str, Any] | None) -> str:
    """The contact that a business-scoped id is linked to; nothing without a link."""
    return text((document or {}).get("contact"))
