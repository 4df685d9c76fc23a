r"""Formulas of TeX in a Markdown text: where they are, and what a phone is to show.

A formula stands in ``\( \)``, ``\[ \]``, ``$$ $$``, ``$ $`` or in an environment; commands with a
sign of their own (``\alpha``) stand anywhere. Markdown would take the backslashes of all of them.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from lib.reply.tex import plain
from lib.reply.tex_signs import SILENT
from lib.reply.urls import BARE_URL

Place = tuple[int, int]
"""Where something begins and ends in a text."""

SIGNS = re.compile(r"[\\$]")
"""A text without them has no formula."""

_TOKEN = re.compile(
    rf"(?P<url>{BARE_URL.pattern})"
    r"|(?P<begin>\\begin\{[a-zA-Z]+\*?\})"
    r"|(?P<command>\\[A-Za-z]++)|(?P<delimiter>\\[()\[\]]|(?<!\$)\$\$?(?!\$))|\\[^A-Za-z]",
    re.DOTALL,
)
_CLOSERS = {r"\(": r"\)", r"\[": r"\]", "$$": "$$", "$": "$"}
_GROUP = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*+\})*+\})*+\}"
_SCRIPT = rf"[_^](?:{_GROUP}|\\?[A-Za-z0-9]++)"
_RUN = re.compile(rf"(?:\\[A-Za-z]++(?:\[\w*+\])?(?:{_GROUP}|{_SCRIPT})*+)++")
_NAME = re.compile(r"[A-Za-z]++")
_RAISED = frozenset({"circ", "prime", "degree", "dagger"})
_PATH_BEFORE = re.compile(r"[A-Za-z:/._\\]")
_BLANK_LINE = re.compile(r"\n[ \t>]*+\n")
_LINE_BEGIN = re.compile(r"\n[ \t]*+(?:>[ \t]?)*+")
_COMMAND = re.compile(r"[\\^{}]")
_SIGN = re.compile(r"[\\^{}_=<>+*/|−±×·÷≤≥≠→]")
_WORDS = re.compile(r"[^\W\d_]{2,}[,;]?\s+[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{4}")
_SHORTEST = 3
"""Letters and figures that are a formula without any sign: ``$$x$$``."""

_MOST_TOKENS = 400
"""An environment without its end is looked for no further."""


def formula_places(markdown: str, others: Sequence[Place]) -> list[Place]:
    """Return where formulas are; none overlaps others (code, tags), which are sorted.

    Takes time linear in the length.
    """
    tokens = [m for m in _TOKEN.finditer(markdown) if m.lastgroup]
    starts = [token.start() for token in tokens]
    found: list[Place] = []
    index = 0
    while index < len(tokens):
        begin, end, is_formula = _read(markdown, tokens, index)
        if is_formula and not _overlaps(others, begin, end):
            found.append((begin, end))
        index = max(index + 1, bisect_left(starts, end)) if is_formula is not None else index + 1
    return found


def written(source: str) -> str:
    """Return a formula, given with what encloses it, in plain characters, or else as it is."""
    inside = source
    for begin, end in _CLOSERS.items():
        if source.startswith(begin) and source.endswith(end) and len(source) > len(begin + end):
            inside = source[len(begin) : -len(end)]
            break
    if inside is not source and begin == "$" and "*" in inside:
        # Stars are as likely meant as signs of a text that only begins like a formula.
        return source
    text = plain(inside)
    return source if text is None else text


def without_margins(source: str) -> str:
    """The formula without what begins each line of it only because it stands in a quote or list."""
    return _LINE_BEGIN.sub("\n", source)


def _read(
    markdown: str, tokens: Sequence[re.Match[str]], index: int
) -> tuple[int, int, bool | None]:
    """Where what begins with a token ends, and whether that is a formula; None if it has no end."""
    token = tokens[index]
    match token.lastgroup:
        case "url":
            return *token.span(), False
        case "command":
            return _command(markdown, token.start())
        case "begin":
            end = _environment_end(markdown, tokens, index)
        case _:
            end = _closer(tokens, index)
    if not end:
        return *token.span(), None
    place = (token.start(), end)
    return *place, _is_formula(markdown, token[0], place) or None


def _command(markdown: str, start: int) -> tuple[int, int, bool | None]:
    run = _RUN.match(markdown, start)
    if run is None:
        return start, start, None
    name = _NAME.match(run[0], 1)
    before = markdown[start - 1 : start]
    if before == "^" and name and name[0] in _RAISED:
        return start - 1, start + len(name[0]) + 1, True
    says = name is not None and len(name[0]) > 1 and name[0] not in SILENT
    possible = says and not _PATH_BEFORE.match(before)
    return *run.span(), possible and plain(run[0]) is not None


def _environment_end(markdown: str, tokens: Sequence[re.Match[str]], index: int) -> int:
    opening = tokens[index][0]
    closing = opening.replace("begin", "end", 1)
    depth = 0
    for token in tokens[index : index + _MOST_TOKENS]:
        depth += token[0] == opening
        if token[0] == r"\end" and markdown.startswith(closing, token.start()):
            depth -= 1
            if not depth:
                return token.start() + len(closing)
    return 0


def _closer(tokens: Sequence[re.Match[str]], index: int) -> int:
    """Where the delimiter that closes this one ends, or 0."""
    opener = tokens[index][0]
    closer = _CLOSERS.get(opener)
    for position in range(index + 1, len(tokens)) if closer else ():
        if tokens[position][0] == closer:
            return tokens[position].end()
        if tokens[position][0] == opener:
            break
    return 0


def _is_formula(markdown: str, opener: str, place: Place) -> bool:
    start, end = place
    source = markdown[start:end]
    inside = source[len(opener) : -len(_CLOSERS.get(opener, ""))] if opener in _CLOSERS else source
    before, after = markdown[start - 1 : start], markdown[end : end + 1]
    if not inside.strip() or _BLANK_LINE.search(source):
        return False
    match opener:
        case "$":
            return _is_in_dollars(inside, before, after)
        case "$$":
            is_short = inside.isalnum() and len(inside) <= _SHORTEST
            return is_short or (bool(_SIGN.search(inside)) and not _is_prose(inside))
        case r"\[":
            alone = _is_alone(markdown, place)
            return (alone or bool(_SIGN.search(inside))) and not _is_escape(inside, before, after)
        case r"\(":
            return not _is_escape(inside, before, after)
    return True


def _is_in_dollars(inside: str, before: str, after: str) -> bool:
    """Whether dollars enclose a formula rather than stand before amounts or names."""
    if "\n" in inside or inside[0].isspace() or inside[-1].isspace():
        return False
    if (after.isalnum() or after == "_") and "\\" not in inside:
        return False
    if before.isascii() and before.isalnum():
        return False
    is_letter = len(inside) == 1 and inside.isalpha()
    return is_letter or (bool(_SIGN.search(inside)) and not _is_prose(inside))


def _is_escape(inside: str, before: str, after: str) -> bool:
    r"""Whether the brackets are the text's own, escaped by who is careful: ``\[1\]``."""
    if _COMMAND.search(inside):
        return False
    attached = before.isascii() and before.isalnum() and not inside.startswith("_")
    return attached or after == "(" or _is_prose(inside)


def _is_prose(inside: str) -> bool:
    if _COMMAND.search(inside):
        return False
    return bool(_WORDS.search(inside) or (not _SIGN.search(inside) and _WORD.search(inside)))


def _is_alone(markdown: str, place: Place) -> bool:
    before = markdown[max(0, place[0] - 100) : place[0]].rpartition("\n")[2]
    after = markdown[place[1] : place[1] + 100].partition("\n")[0]
    return not before.strip(" \t>") and not after.strip()


def _overlaps(others: Sequence[Place], begin: int, end: int) -> bool:
    index = bisect_left(others, (begin, begin))
    follows = index < len(others) and others[index][0] < end
    return follows or (index > 0 and others[index - 1][1] > begin)
