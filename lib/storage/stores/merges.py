"""Sessions in whose place an operator has put another one of the same person."""

from dataclasses import replace

from lib.model import Session
from lib.ports.documents import Documents, Equal, Key, Write
from lib.storage.stores.session_documents import read_session
from lib.storage.stores.sessions import SESSIONS, Sessions


class Merges:
    """The store of them. Who writes under such a name is found by ``identify``."""

    def __init__(self, documents: Documents, sessions: Sessions) -> None:
        self._documents = documents
        self._sessions = sessions

    def into(self, contact: str) -> list[Session]:
        """Return the sessions in whose place a contact's was put."""
        found = self._documents.query(SESSIONS, Equal("merged_into", contact))
        return [read_session(key.id, stored.document) for key, stored in found]

    def merge(self, before: Session, kept: Session, given_up: Session) -> bool:
        """Put a session in the place of another one, and of those in whose place that was.

        ``kept`` is it afterwards. False, and nothing done, if it is not as it was ``before``.
        """
        key = Key(SESSIONS, before.contact)
        stored = self._documents.read([key]).get(key)
        if stored is None or read_session(before.contact, stored.document) != before:
            return False
        along = [replace(one, merged_into=kept.contact) for one in self.into(given_up.contact)]
        beside = [self._beside(one) for one in (given_up, *along)]
        document = self._sessions.write(kept).document
        _, ours = self._documents.write_if(key, document, stored.revision, beside, durable=True)
        return ours

    def _beside(self, given_up: Session) -> Write:
        """What keeps a session that leads to another one, as long as that."""
        write = self._sessions.write(given_up)
        return write._replace(document=write.document | {"expire_at": self._sessions.end_beside()})
