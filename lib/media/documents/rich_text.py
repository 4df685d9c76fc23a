"""The text of RTF, by striprtf."""

import re

from striprtf.striprtf import rtf_to_text

from lib.media.documents.text import Text

# Pictures stand in it as digits, and are most of it.
_DIGITS = re.compile(r"[0-9a-fA-F\r\n]{512,}+")
_MOST_CHARACTERS = 2_000_000


def read(data: bytes, text: Text) -> None:
    """Add the text of an RTF file."""
    # The format is ASCII; what is not stands for itself in the encoding of its default.
    whole = _DIGITS.sub("", data.decode("cp1252", "replace"))
    text.more = len(whole) > _MOST_CHARACTERS
    text.add(rtf_to_text(whole[:_MOST_CHARACTERS], errors="replace"))
