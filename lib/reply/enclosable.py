"""Which targets of links may leave as media, and as which: decided by how they are written.

Nothing is fetched to decide it. Sources: Twilio, "Accepted content types for media" and "Guide to
WhatsApp media messages"; RFC 5870 (``geo``), 3966 (``tel``), 6761 and 8375 (names that are not
public).
"""

import re
from urllib.parse import unquote, urlsplit

from lib.model import Enclosing, Location, OutboundKind, OutboundMedia
from lib.reply.urls import encoded

MOST_URL = 1_200
"""Characters: with a label, the text in place of a medium fits into one message."""

_PICTURES = frozenset({"jpg", "jpeg", "png"})
_FILMS = frozenset({"mp4"})
# No csv, json or zip, which WhatsApp does not take; a webp is a sticker there, and refused else.
_FILES = frozenset({"docx", "mp3", "pdf", "pptx", "vcf", "xlsx"})
_MOST_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\"]")
# A name, never an address in figures: what is public has one.
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?P<top>[a-z][a-z0-9-]{0,61}[a-z0-9])(?::443)?",
    re.IGNORECASE,
)
_NOT_PUBLIC = frozenset(
    {"alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan", "local"}
    | {"localdomain", "localhost", "mail", "onion", "private", "test"}
)
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?")
_GEO = re.compile(
    r"geo:(?P<latitude>-?\d{1,2}(?:\.\d{1,12})?),(?P<longitude>-?\d{1,3}(?:\.\d{1,12})?)"
    r"(?:,-?\d{1,6}(?:\.\d{1,6})?)?(?:;crs=wgs84)?(?:;u=[\d.]{1,12})?",
    re.IGNORECASE,
)
_TEL = re.compile(r"tel:(\+[\d().-]{7,30})", re.IGNORECASE)
_SEPARATORS = re.compile(r"[().-]")
_E164 = re.compile(r"\+[1-9]\d{6,14}")


def file_at(target: str, enclosing: Enclosing) -> OutboundMedia | None:
    """Return the file at the target of a link, without a caption; None if it stays a link.

    It stays one if it is of a kind that WhatsApp does not take, which its ending tells, or if it is
    not at a public host.
    """
    url = encoded(target)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    name = _UNSAFE.sub("", unquote(parts.path.rpartition("/")[2]))
    stem, _, ending = name.rpartition(".")
    kind = _kind(ending.lower())
    is_reached = _is_reached(parts.scheme, parts.netloc, enclosing)
    if kind is None or not stem or not is_reached or len(url) > MOST_URL:
        return None
    return OutboundMedia(kind, url, name=f"{stem[:_MOST_NAME]}.{ending}")


def shows_caption(medium: OutboundMedia) -> bool:
    """Whether a phone shows words with a medium: documents and recordings have none."""
    ending = medium.name.rpartition(".")[2].lower()
    return medium.kind is not OutboundKind.FILE or ending in _FILMS


def place_at(target: str) -> Location | None:
    """Return the place that a ``geo`` URI names; None if it names none on this earth."""
    found = _GEO.fullmatch(target)
    if found is None:
        return None
    latitude, longitude = float(found["latitude"]), float(found["longitude"])
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees
        return None
    return Location(latitude, longitude)


def number_at(target: str) -> str:
    """Return the international number that a ``tel`` URI names, as ``+E164``; else nothing."""
    found = _TEL.fullmatch(target)
    number = _SEPARATORS.sub("", found[1]) if found else ""
    return number if _E164.fullmatch(number) else ""


def _kind(ending: str) -> OutboundKind | None:
    if ending in _PICTURES:
        return OutboundKind.PICTURE
    return OutboundKind.FILE if ending in _FILES | _FILMS else None


def _is_reached(scheme: str, netloc: str, enclosing: Enclosing) -> bool:
    """Whether whoever fetches media for WhatsApp gets there, without anybody's password."""
    if enclosing.loopback and scheme in {"http", "https"} and _LOOPBACK.fullmatch(netloc):
        return True
    host = _HOST.fullmatch(netloc)
    return scheme == "https" and host is not None and host["top"].lower() not in _NOT_PUBLIC
