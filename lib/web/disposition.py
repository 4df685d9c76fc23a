"""The name of a file in the header Content-Disposition (RFC 6266)."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

LONGEST_NAME = 100
"""Of a name, in characters."""

_LONGEST_ENDING = 10
_PARAMETER = re.compile(
    r""";\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))""", re.ASCII | re.DOTALL
)
_EXTENDED = re.compile(r"(utf-8|iso-8859-1)'[^']*'(.*)", re.IGNORECASE | re.DOTALL)
# Control, format (bidi among them), surrogate and private characters: nobody sees them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
# Format characters that letters and emoji are written with.
_JOINERS = frozenset("\u200c\u200d")


def file_name(header: str) -> str:
    """Return the name, as it may be shown: no path, one line, nothing unseen; empty if none.

    ``header`` is decoded from Latin-1, as Python's client does; names in UTF-8 are told apart.
    """
    given: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(header):
        given.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return _shown(_extended(given.get("filename*", "")) or _plain(given.get("filename", "")))


def _extended(value: str) -> str:
    """A value with its encoding (RFC 8187)."""
    found = _EXTENDED.fullmatch(value.strip())
    if not found:
        return ""
    try:
        return unquote_to_bytes(found[2]).decode(found[1])
    except UnicodeError:
        return ""


def _plain(value: str) -> str:
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _shown(name: str) -> str:
    last = re.split(r"[/\\]", " ".join(name.split()))[-1]
    seen = (one for one in last if one in _JOINERS or unicodedata.category(one) not in _UNSEEN)
    return _short("".join(seen).strip(". "))


def _short(name: str) -> str:
    """Cut a name, and keep its ending."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, _, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return name[:LONGEST_NAME].rstrip(". ")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending}"
