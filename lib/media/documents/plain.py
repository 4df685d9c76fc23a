"""Text as it stands in a file, whatever its encoding."""

import codecs

from lib.media.documents.text import Text

# The longest first: one begins like another.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What editors write that do not write UTF-8, the most used first.
_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("cp932", "gb18030", "big5", "cp949"),
)
_MOST_BYTES = 1_000_000
_TELLING = 50_000


def read(data: bytes, text: Text) -> None:
    """Add a text."""
    text.more = len(data) > _MOST_BYTES
    text.add(decoded(data[:_MOST_BYTES]))


def decoded(data: bytes) -> str:
    """Return a text, or the beginning of one, by its mark, as UTF-8, or as it looks most likely."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding, "replace")
    try:
        # A character may be cut at the end.
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode(_likely(data[:_TELLING]), "replace")


def _likely(sample: bytes) -> str:
    """Return the encoding in which this looks most like text; of equals, the most used."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most text is UTF-8

    found = [
        ((match.chaos, -match.coherence), name)
        for match in from_bytes(sample, cp_isolation=list(_ENCODINGS))
        for name in match.could_be_from_charset
    ]
    best = {name for rank, name in found if rank == min(found)[0]}
    return next((name for name in _ENCODINGS if name in best), _ENCODINGS[0])
