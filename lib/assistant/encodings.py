"""The bytes of a reply as text.

Only encodings that replies are written in, by the names of the WHATWG's Encoding Standard:
Python knows others under names that anybody can send, some of which take hours for a megabyte
(punycode), or make text of something else (utf-7). What is named otherwise is read as UTF-8.
"""

import codecs
import re

from lib.assistant.exchange import Reply

_CHARSET = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)
_UTF_8 = "utf-8"
_ENCODINGS = {
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "x-cp1252": "cp1252",
    # Plain ASCII is UTF-8, too, and what is not is more often UTF-8 than anything else.
    "us-ascii": _UTF_8,
    "ascii": _UTF_8,
}
# Of bytes that are no text, a megabyte at once would keep all other threads waiting.
_PIECE = 64 * 1024


def text_of(reply: Reply) -> str:
    """Return the body as text, U+FFFD for what cannot be read, without a mark at its beginning."""
    encoding = _encoding(reply)
    body, decoder = memoryview(reply.body), codecs.getincrementaldecoder(encoding)("replace")
    starts = range(0, len(body), _PIECE)
    pieces = [decoder.decode(bytes(body[start : start + _PIECE])) for start in starts]
    return "".join((*pieces, decoder.decode(b"", final=True))).removeprefix("\ufeff")


def encoding_of(content_type: str) -> str:
    """Return Python's name of the encoding that a content type means."""
    named = _CHARSET.search(content_type)
    return _ENCODINGS.get(named[1].lower().replace("_", "-"), _UTF_8) if named else _UTF_8


def _encoding(reply: Reply) -> str:
    encoding = encoding_of(reply.content_type)
    # Without a mark of its own, UTF-16 is little-endian (Encoding Standard, "UTF-16LE").
    turned = encoding == "utf-16-le" and reply.body.startswith(codecs.BOM_UTF16_BE)
    return "utf-16-be" if turned else encoding
