"""The documents that a commit writes beside the turn's own."""

from datetime import datetime

from lib.model import Changes, Turn
from lib.storage import documents
from lib.storage.documents import Document, Keeping, Key


def changed_documents(
    turn: Turn, changes: Changes, now: datetime, keeping: Keeping
) -> dict[Key, Document]:
    """Return what is said of each document. Fields that are not named stay as they are."""
    changed: dict[Key, Document] = {}
    if changes.session is not None:
        key = (documents.SESSIONS, changes.session.contact)
        changed[key] = documents.session_document(changes.session)
    if changes.alias is not None:
        user_id, contact = changes.alias
        changed[documents.CONTACTS, user_id] = documents.contact_document(contact)
    for entry in changes.history:
        key = (documents.MESSAGES, documents.history_id(entry))
        changed[key] = documents.history_document(entry, keeping.end_of_history(now))
    for sid in changes.sent:
        changed[documents.DELIVERIES, sid] = documents.sent_document(turn.id, now)
    if changes.unreachable is not None:
        contact, code = changes.unreachable
        key = (documents.SESSIONS, contact)
        changed[key] = changed.get(key, {}) | documents.unreachable_document(code)
    if changes.dead_letter is not None:
        key = (documents.DEAD_LETTERS, changes.dead_letter.id)
        changed[key] = documents.letter_document(changes.dead_letter, keeping.end_of_letter(now))
    return changed
