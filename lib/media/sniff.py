"""What kind of file some bytes are, by themselves: names and types that are told may be wrong.

Nothing is parsed. Sources: the signatures of each format's specification; for Office files,
ECMA-376 part 2 (``[Content_Types].xml``); for OpenDocument, its part 2 (``mimetype`` is the first
member, and stored); for zip, PKWARE's APPNOTE 4.3.12 (the central directory); for vCards, RFC 6350.
"""

import re
from enum import StrEnum

_LOOKED_AT = 4096
_PDF_WITHIN = 1024


class Kind(StrEnum):
    """A kind of file. ``OLE`` is Office's before 2007, and whatever Office protects."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    OLE = "ole"
    RTF = "rtf"
    TEXT = "text"
    JSON = "json"
    HTML = "html"
    VCARD = "vcard"
    ZIP = "zip"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    OGG = "ogg"
    MP3 = "mp3"
    MP4 = "mp4"
    AMR = "amr"
    AAC = "aac"
    WAV = "wav"
    WEBM = "webm"
    UNKNOWN = "unknown"


# In this order, each at the beginning; a dot is any byte.
_SIGNATURES = (
    (Kind.JPEG, rb"\xff\xd8\xff"),
    (Kind.PNG, rb"\x89PNG\r\n\x1a\n"),
    (Kind.GIF, rb"GIF8[79]a"),
    (Kind.WEBP, rb"RIFF....WEBP"),
    (Kind.WAV, rb"RIFF....WAVE"),
    (Kind.HEIC, rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
    (Kind.MP4, rb"....ftyp(?!avi[fs])"),
    (Kind.OGG, rb"OggS"),
    (Kind.WEBM, rb"\x1a\x45\xdf\xa3"),
    (Kind.MP3, rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    (Kind.AAC, rb"\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    (Kind.AMR, rb"#!AMR"),
    (Kind.OLE, rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    (Kind.RTF, rb"\{\\rtf"),
)
_TABLE = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _SIGNATURES)
_WORDS = (
    (Kind.VCARD, re.compile(rb"begin:vcard\s", re.IGNORECASE)),
    (Kind.HTML, re.compile(rb"<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)),
    (Kind.JSON, re.compile(rb'\{\s*["}]|\[\s*["{\[\]\d]')),
)
# The local header has 30 bytes and the name; templates and masters have longer types.
_ODT = re.compile(rb".{30}mimetypeapplication/vnd\.oasis\.opendocument\.text(?!-)", re.DOTALL)
# Of an entry in the central directory: 46 bytes, then its name.
_MEMBER = rb"PK\x01\x02.{42}"
_TYPES = re.compile(_MEMBER + rb"\[Content_Types\]\.xml", re.DOTALL)
_OFFICE = re.compile(_MEMBER + rb"(word|ppt|xl)/", re.DOTALL)
_OFFICE_KINDS = {b"word": Kind.DOCX, b"ppt": Kind.PPTX, b"xl": Kind.XLSX}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Of the control characters, text has tabs, ends of lines and of pages, and escapes.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def kind_of(data: bytes) -> Kind:
    """Return what kind of file this is, in time that grows with its size at most."""
    for kind, signature in _TABLE:
        if signature.match(data):
            return kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return Kind.PDF
    return _written(data[:_LOOKED_AT])


def _zipped(data: bytes) -> Kind:
    if _ODT.match(data):
        return Kind.ODT
    office = _OFFICE.search(data)
    if office and _TYPES.search(data):
        return _OFFICE_KINDS[office[1]]
    return Kind.ZIP


def _written(start: bytes) -> Kind:
    """Return the kind of a text; what has none of its marks is no text."""
    marked = start.startswith(_BOMS)
    if not start or (not marked and _CONTROLS.search(start)):
        return Kind.UNKNOWN
    words = start.removeprefix(_BOMS[0]).lstrip()
    return next((kind for kind, word in _WORDS if word.match(words)), Kind.TEXT)
