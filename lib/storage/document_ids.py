"""Ids of documents: any id of ours as one that Firestore takes, and back.

Firestore refuses ``/``, the ids ``.`` and ``..``, ids like ``__x__`` and more than 1500 bytes
(Firestore, "Usage and limits"). An id that is made of nothing special stays as it is.
"""

import re
from urllib.parse import unquote

from lib.errors import DocumentError

LONGEST_ID = 1500
"""Bytes of UTF-8."""

# Most ids: nothing special, and no way to begin what is reserved.
_PLAIN = re.compile(r"[A-Za-z0-9+][A-Za-z0-9+-]{,999}")
_RESERVED = re.compile(r"\.\.?|__.*__", re.DOTALL)


class DocumentIdError(DocumentError):
    """An id that no document can have."""

    code = "document_id"


def to_document_id(raw: str) -> str:
    """Return the id under which a document is kept.

    Raises:
        DocumentIdError: the id is empty, too long, or no valid text.
    """
    if _PLAIN.fullmatch(raw):
        return raw
    escaped = raw.replace("%", "%25").replace("/", "%2F")
    if _RESERVED.fullmatch(escaped):
        escaped = f"%{ord(escaped[0]):02X}{escaped[1:]}"
    try:
        size = len(escaped.encode())
    except UnicodeEncodeError:
        raise DocumentIdError("an id that is no valid text") from None
    if not 0 < size <= LONGEST_ID:
        raise DocumentIdError(f"an id of {size} bytes")
    return escaped


def from_document_id(document_id: str) -> str:
    """Return the id that a document was given."""
    return unquote(document_id)
