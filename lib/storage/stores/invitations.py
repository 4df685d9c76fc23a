"""Invitations, each under the SHA-256 of its code: nobody can read a code off the database.

A signed-in web page writes such a document, too; ``docs/permissions.md`` has its form.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lib.errors import StoreError
from lib.model.access import Invitation, Login
from lib.ports.documents import Document, Documents, Key
from lib.storage.fields import text, texts, time

INVITATIONS = "whatsapp_invitations"

KEPT_FOR = timedelta(days=1)
"""After it expired, so that a message that is worked on again finds what it took."""

_MOST_TRIES = 10


class Invitations:
    """The store of invitations."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def make(self, invitation_id: str, invitation: Invitation) -> bool:
        """Keep a new invitation; False if there is one of this id already."""
        key = Key(INVITATIONS, invitation_id)
        return self._documents.create(key, invitation_document(invitation))[1]

    def take(self, invitation_id: str, message_id: str, now: datetime) -> Invitation | None:
        """Take an invitation with a message, once; None if there is none that can be taken now.

        Of several that want its last use at once, one gets it. A message that took it before finds
        it again.

        Raises:
            StoreError: nobody can tell now.
        """
        key = Key(INVITATIONS, invitation_id)
        stored = self._documents.read([key]).get(key)
        for _ in range(_MOST_TRIES):
            if stored is None:
                return None
            found = read_invitation(stored.document)
            if message_id in found.taken:
                return found
            if now >= found.expires_at or len(found.taken) >= found.uses:
                return None
            taken = replace(found, taken=(*found.taken, message_id))
            news = {"taken": list(taken.taken), "expire_at": found.expires_at + KEPT_FOR}
            stored, ours = self._documents.write_if(key, news, stored.revision, durable=True)
            if ours:
                return taken
        raise StoreError("too many take one invitation at once")


def invitation_document(invitation: Invitation) -> Document:
    """A document of ``whatsapp_invitations``."""
    return {
        "uses": invitation.uses,
        "expires_at": invitation.expires_at,
        "made_by": invitation.made_by,
        "email": invitation.email,
        "assistants": _listed(invitation.assistants),
        "taken": list(invitation.taken),
        "expire_at": invitation.expires_at + KEPT_FOR,
    }


def read_invitation(document: Mapping[str, Any]) -> Invitation:
    """An invitation; what cannot be understood of it allows nothing."""
    uses = document.get("uses", 1)
    return Invitation(
        uses=uses if isinstance(uses, int) else 0,
        expires_at=time(document.get("expires_at")),
        made_by=text(document.get("made_by")),
        email=text(document.get("email")).strip().lower(),
        assistants=_allowed(document.get("assistants")),
        taken=texts(document.get("taken")),
    )


def login_document(login: Login) -> Document:
    """What a session says of a login."""
    return {
        "invitation": login.invitation,
        "at": login.at,
        "email": login.email,
        "assistants": _listed(login.assistants),
    }


def read_login(document: Document) -> Login:
    """A login as it is kept."""
    return Login(
        invitation=text(document.get("invitation")),
        at=time(document.get("at")),
        email=text(document.get("email")),
        assistants=_allowed(document.get("assistants")),
    )


def _listed(allowed: frozenset[str] | None) -> list[str] | None:
    return None if allowed is None else sorted(allowed)


def _allowed(value: object) -> frozenset[str] | None:
    return None if value is None else frozenset(texts(value))
