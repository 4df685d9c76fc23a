"""Codes of invitations: how they are written, and how people type them.

40 bits in an alphabet without 0, O, 1 and I, which people mix up; written ``K7QF-3M9X``.
"""

import hashlib
import re
import unicodedata

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BITS = 40
"""Of chance in a code."""

_LETTERS, _HALF = 8, 4
_LONGEST = 100
_CODE = rf"[{_ALPHABET}]{{{_LETTERS}}}"
# How a code is found in what may be any text: behind the word login, however it came; or alone.
_SIGNS = r"(?:%20|[^A-Z0-9]){0,6}"
_TYPED = rf"([{_ALPHABET}]{{{_HALF}}})(?:%20|[^A-Z0-9]){{0,3}}([{_ALPHABET}]{{{_HALF}}})"
_SENT = re.compile(rf"(?:^|[^A-Z0-9]|%2F)LOGIN{_SIGNS}{_TYPED}(?![A-Z0-9])")
_IN_CAPITALS = re.compile(r"[A-Z]{4}[^\w\s][A-Z]{4}")
_ALONE = re.compile(rf"[^A-Z0-9]*{_TYPED}[^A-Z0-9]*")


def code_of(number: int) -> str:
    """Return the code of a number of 40 bits."""
    letters = "".join(_ALPHABET[(number >> (5 * place)) % 32] for place in range(_LETTERS))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def read_code(typed: str) -> str:
    """Return the code that somebody typed, whatever signs are around and in it; nothing if none."""
    letters = re.sub(r"[^A-Z0-9]", "", _plain(typed))
    return f"{letters[:_HALF]}-{letters[_HALF:]}" if re.fullmatch(_CODE, letters) else ""


def id_of(code: str) -> str:
    """Return the id of the invitation of a code: its SHA-256 in hexadecimal."""
    return hashlib.sha256(code.encode()).hexdigest()


def sent_code(text: str) -> str:
    """Return the code in a message that is to log somebody in, though it is no plain command.

    Behind the word login (in a link, without a slash, in a sentence), or all alone. What may well
    be words needs a sign or a digit to be a code.
    """
    plain = _plain(text)
    if found := _SENT.search(plain):
        # "My login elements" has a word of eight letters, too.
        is_word = (found[1] + found[2]).isalpha() and found[0].endswith(found[1] + found[2])
    elif found := _ALONE.fullmatch(plain) if len(plain) <= _LONGEST else None:
        is_word = (found[1] + found[2]).isalpha() and not _IN_CAPITALS.search(text)
    return f"{found[1]}-{found[2]}" if found and not is_word else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
