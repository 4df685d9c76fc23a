"""The words of commands in every language: all of them are understood from everybody.

Nobody has to be known to speak a language before a command of theirs works, least of all one that
stops something.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from unicodedata import normalize

from lib.language.files import words_of_commands


def command_of_word(word: str) -> str:
    """Return the English name of a command by its word in any other language; empty for no word."""
    return next((command for command, _ in _meaning(word)), "")


def language_of_word(word: str, at_home: Sequence[str]) -> str:
    """Return the language of a command's word; empty where it is English, or of several.

    Of several it is the one that is spoken ``at_home``, if only one of them is.
    """
    if not word:
        return ""
    codes = {code for _, code in _meaning(word)}
    meant = codes if len(codes) == 1 else codes.intersection(at_home)
    return next(iter(meant)) if len(meant) == 1 else ""


def _meaning(word: str) -> set[tuple[str, str]]:
    """The commands and languages that something is a word of."""
    known = _meanings() if words_of_commands() else {}
    return known.get(_plain(word), set())


@lru_cache(maxsize=1)
def _meanings() -> Mapping[str, set[tuple[str, str]]]:
    """By each spelling the commands and languages that it is a word of."""
    found = defaultdict(set)
    for command, languages in words_of_commands().items():
        for code, known in languages.items():
            for spelt in (one for word in known for one in _spellings(word)):
                found[spelt].add((command, code))
    return dict(found)


def _spellings(word: str) -> Iterator[str]:
    """Give a word as it is written, and as it is typed without accents."""
    yield _plain(word)
    apart = normalize("NFD", word)
    yield _plain("".join(one for one in apart if not "\u0300" <= one <= "\u036f"))


def _plain(word: str) -> str:
    return normalize("NFKC", word).casefold()
