"""Sessions, and the links from business-scoped ids to the contacts that sessions are kept under."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lib.model import Exchange, Session
from lib.ports.documents import Document, Documents, Equal, Key, Stored, Write
from lib.storage.fields import number, text, texts, time, time_if_any
from lib.storage.stores.usage_documents import read_usage, usage_document

if TYPE_CHECKING:
    from lib.model.human import Human

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


def human_write(contact: str, human: "Human | None") -> Write:
    """What a session says of the human who has its person; an operator ends it with None."""
    return Write(Key(SESSIONS, contact), {"human": _human_document(human)})


def unreachable_write(contact: str, code: str) -> Write:
    """What a session says once its contact cannot be reached."""
    return Write(Key(SESSIONS, contact), {"unreachable": code})


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
        "human": _human_document(session.human),
        "introduced": session.introduced,
        "away_told": session.away_told,
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
        recent=tuple(_exchanges(recent) if isinstance(recent, list) else ()),
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
        human=_human(document.get("human")),
        introduced=text(document.get("introduced")),
        away_told=text(document.get("away_told")),
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


def _human_document(human: "Human | None") -> Document | None:
    if human is None:
        return None
    from lib.storage.stores.human_documents import human_document  # noqa: PLC0415 - few people have

    return human_document(human)


def _human(document: object) -> "Human | None":
    if not isinstance(document, Mapping):
        return None
    from lib.storage.stores.human_documents import read_human  # noqa: PLC0415 - as above

    return read_human(dict(document))


def _exchanges(pairs: list[Any]) -> list[Exchange]:
    known = (pair for pair in pairs if isinstance(pair, Mapping))
    return [Exchange(text(p.get("question")), text(p.get("answer"))) for p in known]
