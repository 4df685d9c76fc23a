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
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most text is UTF-8

    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
