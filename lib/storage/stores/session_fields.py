"""Fields of a session's document that have an inside of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lib.model import Exchange, Usage
from lib.ports.documents import Document
from lib.storage.fields import number, text, time, time_if_any

if TYPE_CHECKING:
    from lib.model.access import Login
    from lib.model.human import Human


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


def times_of(listed: object) -> tuple[datetime, ...]:
    """The times in a list."""
    return tuple(map(time, listed)) if isinstance(listed, list) else ()


def exchanges_of(pairs: object) -> tuple[Exchange, ...]:
    """The pairs that a document remembers."""
    listed = pairs if isinstance(pairs, list) else []
    known = (pair for pair in listed if isinstance(pair, Mapping))
    return tuple(Exchange(text(p.get("question")), text(p.get("answer"))) for p in known)
