"""Twilio fetching the media that the business names, and the channel that takes them or does not.

Only loopback is asked: nothing leaves this machine. Sources: Twilio, "Accepted content types for
media" (kinds and sizes), error dictionary (12300, 63005, 63019, 63021); reports of users on names
without an ending and on HEAD.
"""

import re
from collections.abc import Mapping
from email.message import Message as Headers
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import requests

from simulator.twilio.media import MOST_BYTES, Medium

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SECONDS = 5.0
_MOST_OF_PICTURE = 5 * 1024 * 1024
_NO_TYPE, _REFUSED, _NOT_FETCHED, _NOT_VALID = 12300, 63005, 63019, 63021


class _Kind(NamedTuple):
    """How the bytes of a type begin, and how many there may be."""

    begins: re.Pattern[bytes]
    most: int = MOST_BYTES


def _kind(pattern: bytes, most: int = MOST_BYTES) -> _Kind:
    return _Kind(re.compile(pattern, re.DOTALL | re.IGNORECASE), most)


_ZIP, _ISO, _OLE = rb"PK\x03\x04", rb"....ftyp", rb"\xd0\xcf\x11\xe0"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TAKEN: Mapping[str, _Kind] = {
    "image/jpeg": _kind(rb"\xff\xd8\xff", _MOST_OF_PICTURE),
    "image/png": _kind(rb"\x89PNG\r\n\x1a\n", _MOST_OF_PICTURE),
    "video/mp4": _kind(_ISO),
    "video/3gpp": _kind(_ISO),
    "audio/mp4": _kind(_ISO),
    "audio/ogg": _kind(rb"OggS"),
    "audio/mpeg": _kind(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    "audio/aac": _kind(rb"\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    "audio/amr": _kind(rb"#!AMR"),
    "application/pdf": _kind(rb".{0,1019}%PDF-"),
    "application/msword": _kind(_OLE),
    f"{_OFFICE}.wordprocessingml.document": _kind(_ZIP),
    f"{_OFFICE}.spreadsheetml.sheet": _kind(_ZIP),
    f"{_OFFICE}.presentationml.presentation": _kind(_ZIP),
    "text/vcard": _kind(rb"\s*BEGIN:VCARD"),
    "text/x-vcard": _kind(rb"\s*BEGIN:VCARD"),
}


class UndeliveredError(Exception):
    """A medium that does not get through; ``code`` is the error of the message."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def is_here(url: str) -> bool:
    """Whether a URL is one of this machine, so that it may be asked for."""
    return urlsplit(url).hostname in _LOOPBACK


def fetched(url: str) -> Medium:
    """Return the medium behind a URL of this machine.

    Raises:
        UndeliveredError: it cannot be had, or the channel does not take it.
    """
    with requests.Session() as session:
        session.trust_env = False
        _asked(session, "HEAD", url)
        headers, data = _asked(session, "GET", url)
    if not data or len(data) > MOST_BYTES:
        raise UndeliveredError(_NOT_FETCHED, f"{len(data)} bytes came")
    content_type = headers.get_content_type() if headers["Content-Type"] else ""
    if not content_type:
        raise UndeliveredError(_NO_TYPE, "no type was told")
    name = headers.get_filename() or unquote(urlsplit(url).path.rpartition("/")[2])
    if "." not in name.strip("."):
        raise UndeliveredError(_NOT_FETCHED, "its name has no ending")
    _check(content_type, data)
    return Medium(content_type, data, name)


def _asked(session: requests.Session, method: str, url: str) -> tuple[Headers, bytes]:
    try:
        answer = session.request(method, url, timeout=_SECONDS, stream=True, allow_redirects=False)
        data = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise UndeliveredError(_NOT_FETCHED, f"{method}: {type(error).__name__}") from None
    if answer.status_code != requests.codes.ok:
        raise UndeliveredError(_NOT_FETCHED, f"{method}: HTTP {answer.status_code}")
    headers = Headers()
    for name, value in answer.headers.items():
        headers[name] = value
    return headers, data


def _check(content_type: str, data: bytes) -> None:
    kind = _TAKEN.get(content_type)
    if kind is None:
        code = _NOT_VALID if content_type.startswith("image/") else _REFUSED
        raise UndeliveredError(code, f"{content_type} is not taken")
    if len(data) > kind.most:
        raise UndeliveredError(_REFUSED, f"{len(data)} bytes are too many for {content_type}")
    if not kind.begins.match(data):
        raise UndeliveredError(_NOT_VALID, f"it is no {content_type}")
