"""Raised and lowered characters in plain text."""

from lib.reply.tex_signs import LOWERED, RAISED

_PRIMES = frozenset("′'†‡°∘⊤")
_MATHS = frozenset("kmnxyzijtNT")


def raised(text: str) -> str:
    """Return an exponent: in raised characters if there are some, else behind ``^``."""
    return _script(text, "^", RAISED)


def lowered(text: str) -> str:
    """Return an index: in lowered characters if there are some, else behind ``_``."""
    return _script(text, "_", LOWERED)


def raised_beside(text: str, before: str) -> str:
    """Return raised text of a page: figures so that nobody counts them with what is before them.

    Words (``1st``, ``Mme``, signs) are read as well on the line.
    """
    if not any(c.isdigit() or c in "+-−" for c in text) and not _is_exponent(text, before):
        return text
    if text.startswith("["):
        return text
    return raised(text)


def lowered_beside(text: str) -> str:
    """Return lowered text of a page: its figures in lowered characters, its words as they are."""
    return "".join(LOWERED.get(c, c) for c in text) if _all_signs(text) else text


def _is_exponent(text: str, before: str) -> bool:
    return text in _MATHS and before[-1:].isalnum()


def _all_signs(text: str) -> bool:
    return all(c.isdigit() or c in "+-−=()" for c in text)


def _script(text: str, sign: str, table: dict[str, str]) -> str:
    if text and all(c in _PRIMES for c in text):
        return text.replace("∘", "°")
    is_word = len(text) > 1 and text.isalpha()
    if not is_word and all(c in table for c in text):
        return "".join(table[c] for c in text)
    single = len(text) == 1 if sign == "^" else text.isalnum()
    return f"{sign}{text}" if single else f"{sign}({text})"
