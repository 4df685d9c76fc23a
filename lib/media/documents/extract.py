"""Getting the text out of a document, in the reading child."""

import importlib
from typing import Any

from lib.media.documents.text import FullError, Text, cleaned, cut
from lib.media.errors import MediaPicturesOnlyError, MediaTooLargeError, MediaUnreadableError
from lib.media.exchange import Message
from lib.media.sniff import Kind

# Each module has functions ``(data, text)`` that add to a text what they find.
_READERS = {
    Kind.PDF: ("pdf", "read"),
    Kind.DOCX: ("office", "read_docx"),
    Kind.PPTX: ("office", "read_pptx"),
    Kind.ODT: ("office", "read_odt"),
    Kind.XLSX: ("spreadsheet", "read"),
    Kind.RTF: ("rich_text", "read"),
    Kind.HTML: ("web_page", "read"),
    Kind.TEXT: ("plain", "read"),
    Kind.JSON: ("plain", "read"),
}
_MAY_BE_PICTURES = {Kind.PDF, Kind.DOCX, Kind.PPTX, Kind.ODT}


def extract(data: bytes, options: dict[str, Any]) -> Message:
    """Return what is kept of a document's text, with its pages and what is left out.

    Raises:
        MediaError: there is none, for a reason.
    """
    kind = Kind(options["kind"])
    text = Text(options["characters"], options["pages"])
    full = _fill(text, kind, data)
    whole = cleaned(str(text))
    if not whole and full:
        raise MediaTooLargeError("more than is read, and no text so far")
    if not whole and kind in _MAY_BE_PICTURES:
        raise MediaPicturesOnlyError("no text in it")
    if not whole:
        raise MediaUnreadableError("nothing in it")
    kept = cut(whole, options["most"])
    facts = {"pages": text.pages, "left_out": len(whole) - len(kept), "more": full or text.more}
    return Message(facts, kept.encode())


def _fill(text: Text, kind: Kind, data: bytes) -> bool:
    """Read into a text; return whether it stopped before the end, since that was enough."""
    module, name = _READERS[kind]
    reader = getattr(importlib.import_module(f"lib.media.documents.{module}"), name)
    try:
        reader(data, text)
    except (FullError, MemoryError):
        return True
    return False
