"""The public addresses of kept media: nobody can guess one, and each of them ends.

``{base}/whatsapp/media/<token>/<name>``, whose token is the medium's place, the end of the address
and an HMAC-SHA256 of both and the name, in base64url; in hexadecimal where it stands in texts.
Places are HMACs as well, under the same key: neither an address nor the name of a file tells a
phone number to whoever tries them all. What lives for another time has other places and signatures.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from datetime import UTC, datetime
from typing import NamedTuple

from lib.media.kept.lifetime import MEDIA, Lifetime
from lib.ports.clock import Clock

PATH = "/whatsapp/media/"

_PLACE, _UNTIL, _SIGNATURE = 16, 5, 32
_TOKEN = re.compile("[0-9A-Za-z_-]{92}|[0-9a-f]{138}")
_HEXADECIMAL = 138
_NAME = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}", re.ASCII)
_ODD = re.compile(r"[^0-9A-Za-z._-]+")
_STEM, _ENDING = 60, 8


class Place(NamedTuple):
    """Where a medium lies: the folder of its owner, and its name there; both are hexadecimal."""

    owner: str
    key: str


class Addresses:
    """Makes addresses below ``base``, an origin with an optional path, and reads them again.

    ``key`` is the secret that signs them; whoever has another one reads none of them. ``lifetime``
    is that of all that they lead to.
    """

    def __init__(self, base: str, key: bytes, clock: Clock, lifetime: Lifetime = MEDIA) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._clock = clock
        self.lifetime = lifetime

    def place(self, owner: str, key: str) -> Place:
        """Return where a medium of an owner lies."""
        return Place(
            self.folder(owner), self._mac("key", f"{len(owner)}:{owner}{key}")[:_PLACE].hex()
        )

    def folder(self, owner: str) -> str:
        """Return where all media of an owner lie."""
        return self._mac("owner", owner)[:_PLACE].hex()

    def url(self, place: Place, name: str, kept_at: datetime) -> str:
        """Return the address of a medium that is kept since then; it ends with its lifetime."""
        head = bytes.fromhex(place.owner + place.key)
        head += int((kept_at + self.lifetime.whole).timestamp()).to_bytes(_UNTIL, "big")
        raw = head + self._signature(head, name)
        in_texts = self.lifetime.in_texts
        token = raw.hex() if in_texts else base64.urlsafe_b64encode(raw).decode()
        return f"{self._base}{PATH}{token}/{name}"

    def read(self, token: str, name: str) -> Place | None:
        """Return where the medium of an address lies; None where it is none of ours, or is over."""
        if not (_TOKEN.fullmatch(token) and _NAME.fullmatch(name)):
            return None
        raw = _raw(token)
        head, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(head, name)):
            return None
        if int.from_bytes(head[-_UNTIL:], "big") <= self._clock().timestamp():
            return None
        return Place(head[:_PLACE].hex(), head[_PLACE : 2 * _PLACE].hex())

    def _signature(self, head: bytes, name: str) -> bytes:
        return self._mac("address", f"{head.hex()}/{name}")

    def _mac(self, use: str, text: str) -> bytes:
        return hmac.digest(
            self._key,
            f"{self.lifetime.use}{use}:{text}".encode(errors="surrogatepass"),
            hashlib.sha256,
        )


def end_of(url: str) -> datetime:
    """Return when an address that was made here ends."""
    raw = _raw(url.rsplit("/", 2)[-2])
    return datetime.fromtimestamp(int.from_bytes(raw[2 * _PLACE : 2 * _PLACE + _UNTIL], "big"), UTC)


def _raw(token: str) -> bytes:
    if len(token) == _HEXADECIMAL:
        return bytes.fromhex(token)
    return base64.urlsafe_b64decode(token)


def safe_name(name: str) -> str:
    """Return the name of a file as an address and a header can hold it, with its ending."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = _ODD.sub("-", stem)[:_STEM].strip("-.")
    return f"{stem or 'file'}.{_ODD.sub('', ending)[:_ENDING] or 'bin'}"
