"""How people spell what they type: told apart by what is meant, not by its characters.

Phones put in what nobody sees (marks of direction, joiners) and change what was typed (dashes,
quotation marks, wide letters). This is for recognising; what is passed on stays as it was sent.
Sources: Unicode's categories, its property Default_Ignorable_Code_Point, and its normal form KC.
"""

import unicodedata

import regex

# U+2800 is Braille's blank, a sign that shows nothing.
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800[\p{Cc}--\s]]", regex.V1)
_DASHES = regex.compile(r"[\p{Pd}\u2212]+")
_APOSTROPHES = regex.compile(r"[‘’‚‛′ʼ`´]")
# Turkish capitals: I with a dot is lowered to an i with a dot of its own, and I to an i without.
_TURKISH = str.maketrans({"\u0307": None, "ı": "i"})
_EDGES = regex.compile(r"^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$")
_BETWEEN = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


def seen(text: str) -> str:
    """A text without what nobody sees."""
    return _UNSEEN.sub("", text)


def visible(text: str) -> str:
    """A text in normal form KC, without what nobody sees."""
    return seen(unicodedata.normalize("NFKC", seen(text)))


def plain(text: str) -> str:
    """A visible text in one case and with single blanks."""
    return " ".join(visible(text).casefold().translate(_TURKISH).split())


def typed(text: str) -> str:
    """A plain text as a plain keyboard has it, without the punctuation around it."""
    straight = _APOSTROPHES.sub("'", _DASHES.sub("-", plain(text)))
    return _EDGES.sub("", straight)


def words(text: str) -> str:
    """The letters and digits of a text, with one blank for whatever stands between them."""
    return _BETWEEN.sub(" ", plain(text)).strip()


def letters(text: str) -> str:
    """The letters and digits of a text alone."""
    return words(text).replace(" ", "")
