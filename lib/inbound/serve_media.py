"""The use case of the media route: whoever has an address of ours gets what is there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lib.ports.media_store import MediaStore, StoredMedium

_PATH = re.compile("/whatsapp/media/([^/]+)/([^/]+)")
_GUARDED = {
    # What is served was made by others: nothing of it may run where this server's name is shown.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # An address ends, and what a cache holds would not.
    "Cache-Control": "private, no-store",
}


@dataclass(frozen=True, slots=True)
class Served:
    """An answer of HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


NOT_THERE = Served(404, {**_GUARDED, "Content-Type": "text/plain"}, b"Not here.\n")
"""For all that is not served, whyever: nobody learns what there was."""


def serve_media(path: str, store: MediaStore | None) -> Served:
    """Return what is at the path of an address.

    The headers are those that Twilio and WhatsApp need: the type, and a name with its ending.

    Raises:
        StoreError: nobody can tell now.
    """
    found = _PATH.fullmatch(path)
    medium = store.open(found[1], found[2]) if store and found else None
    return _served(medium) if medium else NOT_THERE


def _served(medium: StoredMedium) -> Served:
    headers = {
        "Content-Type": medium.content_type,
        "Content-Disposition": f'inline; filename="{medium.name}"',
    }
    return Served(200, {**_GUARDED, **headers}, medium.data)
