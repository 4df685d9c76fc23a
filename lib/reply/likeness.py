"""Whether a formatted text still says what its Markdown says: neither far more nor far less.

No test of every word, for much of Markdown is not to be seen on a phone. It is for what nobody
foresaw: a bug that repeats a text, or loses it, is found before anybody gets the result.
"""

import re

from lib.reply.elements import Role

MOST_GROWTH = 1.5
"""How many times as long a formatted text may be, beside what repeats something on purpose."""

SLACK = 2_000
"""Characters that come on top: lines drawn, list items' signs and indentation."""

REPEATED_SLACK = 20_000
"""As above, where heads of tables or the targets of links may be repeated many times."""

_ESCAPED = 9  # characters for one of a target: percent signs and hexadecimal digits
_LEAST_LETTERS = 200
_MOST_LOST = 0.5
_REPEATS = re.compile(
    r"^[ >]*+\|?[ ]*+:?-+:?[ ]*+\||^[ >]*+\|[ ]*+:?-|^[ >]*+\[[^\]\n]++\]:|<t[dh]\b",
    re.MULTILINE,
)
_TARGET = re.compile(r"(?:\]\(|\]:|\b(?:href|src)=)\s*[<\"']?([^\s)>\"']*)", re.IGNORECASE)
# What a phone never shows: comments, tags and what stands in some, targets of links, the names of
# languages, commands and environments of TeX, entities. Each part is matched once, whether or not
# it has an end.
_UNSEEN = re.compile(
    r"<!--[^-]*+(?:-(?!->)[^-]*+)*+"
    rf"|<(?P<hidden>{'|'.join(Role.HIDDEN.value.split())})\b[^<]*+(?:<(?!/(?P=hidden))[^<]*+)*+"
    r"|<[^<>]*+>|\]\([^()]*+(?:\([^()]*+\)[^()]*+)*+|^[ >]*\[[^\]\n]*+\]:[^\n]*+"
    r"|^[ >]*(?:```|~~~)[^\n]*+|\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+|&[#\w]+;",
    re.MULTILINE | re.IGNORECASE,
)


def is_like(markdown: str, formatted: str) -> bool:
    """Whether one may be the other's formatting. Takes time linear in both."""
    return len(formatted) <= _most(markdown) and not _loses(markdown, formatted)


def _most(markdown: str) -> float:
    slack = REPEATED_SLACK if _REPEATS.search(markdown) else SLACK
    if not markdown.isascii():
        foreign = sum(not c.isascii() for part in _TARGET.findall(markdown) for c in part)
        slack += min(_ESCAPED * foreign, REPEATED_SLACK)
    return MOST_GROWTH * len(markdown) + slack


def _loses(markdown: str, formatted: str) -> bool:
    if len(formatted) >= len(markdown):
        return False
    meant = _letters(_UNSEEN.sub("", markdown))
    least = meant * _MOST_LOST - _LEAST_LETTERS
    return _letters(formatted) < least if formatted.strip() else meant > 0


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
