"""Sessions in whose place an operator has put another one of the same person."""

from dataclasses import replace

from lib.model import Session
from lib.ports.documents import Documents, Equal, Key
from lib.storage.stores.sessions import SESSIONS, read_session, session_document, session_write


class Merges:
    """The store of them. Who writes under such a name is found by ``identify``."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

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
        beside = [session_write(one) for one in (given_up, *along)]
        document = session_document(kept)
        _, ours = self._documents.write_if(key, document, stored.revision, beside, durable=True)
        return ours
