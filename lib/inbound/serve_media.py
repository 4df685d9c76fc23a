"""The use case of the media route: whoever has an address of ours gets what is there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lib.ports.media_store import EXPORT_NAME, MediaStore, StoredMedium

_PATH = re.compile("/whatsapp/media/([^/]+)/([^/]+)")
_GUARDED = {
    # What is served was made by others: nothing of it may run where this server's name is shown.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # An address ends, and what a cache holds would not.
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Served:
    """An answer of HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


NOT_THERE = Served(404, {**_GUARDED, "Content-Type": "text/plain"}, b"Not here.\n")
"""For all that is not served, whyever: nobody learns what there was."""

_NO_EXPORT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>This link has ended</title>
<h1>This link has ended</h1>
<p>It is over an hour old, or is not whole. Send <b>/export</b> to the number again for a new one.
"""
NO_EXPORT = Served(
    404, {**_GUARDED, "Content-Type": "text/html; charset=utf-8"}, _NO_EXPORT.encode()
)
"""The same where somebody wants what is kept of them."""


def serve_media(path: str, store: MediaStore | None, exports: MediaStore | None = None) -> Served:
    """Return what is at the path of an address.

    The headers are those that Twilio and WhatsApp need: the type, and a name with its ending. What
    is kept of a person is saved, and never shown.

    Raises:
        StoreError: nobody can tell now.
    """
    found = _PATH.fullmatch(path)
    if found and found[2] == EXPORT_NAME:
        export = exports.open(found[1], found[2]) if exports else None
        return _served(export, "attachment") if export else NO_EXPORT
    medium = store.open(found[1], found[2]) if store and found else None
    return _served(medium, "inline") if medium else NOT_THERE


def _served(medium: StoredMedium, disposition: str) -> Served:
    headers = {
        "Content-Type": medium.content_type,
        "Content-Disposition": f'{disposition}; filename="{medium.name}"',
    }
    return Served(200, {**_GUARDED, **headers}, medium.data)
