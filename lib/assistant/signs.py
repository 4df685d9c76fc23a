"""Signs of models in a text, one after the other, whatever their brackets.

Told apart here: ``<name ...>``, ``<ns:name>``, ``<|ns|name>``, ``<|name|>`` (with full-width bars,
too), ``<|name>``, ``<name|>``, ``◁name▷``, ``[NAME]``, and marks of sources that only a model's own
page can resolve. The search takes linear time, in steps of some milliseconds each.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lib.assistant import citations
from lib.assistant.wrappings import KINDS, TAG_NAMES, Kind, normal

_STEP = 1 << 14
# No sign is longer; so a step that looks this far beyond its end cuts none in two.
_LONGEST = 3000
_MOST_KNOWN = 1000

_BARS = "[|｜]"
_PREFIX = rf"(?:(?:[\w.-]{{1,40}}+:){{1,3}}|{_BARS}\s?\w{{1,30}}+\s?{_BARS}\s?)?"
_REST = r"(?:[\s/=][^<>]{0,500}+)?"
# Every alternative looks back at the one character that a sign begins with: the search runs from
# one such character to the next at full speed.
_SIGNS = re.compile(
    rf"""[<◁`~\[【:\ue200-\ue20f](?:
      (?<=<)(?=/?+[|｜\sa-z])(?:
          (?P<tag_end>/?+)\s{{0,3}}+(?=[a-z|｜]){_PREFIX}(?P<tag>{TAG_NAMES})(?P<rest>{_REST})>
        | (?P<gemma>[a-z_]\w{{0,40}}+)\|>
        | unused(?P<unused>9[45])>
        | (?=/?{_BARS})(?:
              (?P<bar_end>/?+){_BARS}(?P<bar>[^<>|｜\n]{{1,64}}+)(?P<shut>{_BARS}?)>
            | /?{_BARS}\s?\w{{1,30}}+\s?{_BARS}\s?(?P<alien>[a-z_]\w{{0,60}}+){_REST}>
          )
      )
    | (?<=`)`*+ | (?<=~)~~++
    | (?<=\[)(?:
          (?P<square_end>/?)(?P<square>think(?:ing)?|tool_calls?|tool_results?)\]
        | \|(?:assistant|user|system|tool|endofturn)\|\]
        | {citations.SQUARE}
      )
    | (?<=◁)\s{{0,3}}+(?P<tri_end>/?+)\s{{0,3}}+(?P<tri>{TAG_NAMES})\s*+▷
    | {citations.PATTERN}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_OPENING = re.compile("^(?:begin|start)(?:of)?|(?:begin|start|prefix)$")
_CLOSING = re.compile("^end(?:of)?|(?:end|suffix)$")
_HIDING_DETAILS = re.compile("type=[\"']?(?:reasoning|tool_calls)")


class Sign(NamedTuple):
    """A sign and where it stands.

    ``name`` is its plain name; ``text`` is said in its place.
    """

    start: int
    end: int
    kind: Kind
    name: str = ""
    closes: bool = False
    empty: bool = False
    text: str = ""


def events(text: str) -> Iterator[Sign | tuple[int, int]]:
    """Yield every sign, and every run of backticks or tildes as where it begins and ends."""
    last_square = text.lower().rfind("[/think") if "[/" in text else -1
    known: dict[str, _Facts | None] = {}
    for match in _matches(text):
        start, end = match.span()
        sign = match[0]
        if sign not in known:
            if len(known) > _MOST_KNOWN:
                known.clear()
            known[sign] = _facts(match)
        facts = known[sign]
        if sign[0] in "`~":
            yield start, end
        elif facts and (sign[0] != "[" or _is_bracket(text, start, end, last_square)):
            yield Sign(start, end, *facts)


def _is_bracket(text: str, start: int, end: int, last_square: int) -> bool:
    """Whether a word in square brackets is a sign.

    It may be the label of a link, or a remark; in small letters it needs an end to be one.
    """
    sign, following = text[start:end], text[end : end + 1]
    if sign[1:-1].lower() not in {"think", "thinking"}:
        return not sign.islower() or sign[1] in "/|co"
    others = ("(",) if sign.isupper() else ("(", "[", ":")
    return following not in others and (start < last_square or sign.isupper())


def _matches(text: str) -> Iterator[re.Match[str]]:
    start = 0
    while start < len(text):
        end = here = min(start + _STEP, len(text))
        for match in _SIGNS.finditer(text, start, end + _LONGEST):
            if match.start() >= end:
                break
            yield match
            here = match.end()
        start = max(end, here)


def _facts(match: re.Match[str]) -> "_Facts | None":
    """What a sign is, all but its place; None if it is none."""
    match match.lastgroup:
        case "rest":
            return _tag(match["tag_end"], match["tag"], match["rest"])
        case "tri" | "square" as shape:
            return _tag(match[f"{shape}_end"], match[shape], "")
        case "shut":
            return _bar(match["bar_end"], match["bar"], match["shut"])
        case "unused":
            return Kind.THINKING, "unused", match["unused"] == _UNUSED_END, False, ""
        case "gemma":
            return _named(normal(match["gemma"]), closes=True)
    return Kind.SIGN, "", False, False, citations.said(match)


# MedGemma's thinking stands between two of Gemma's tokens without a use (its model card).
_UNUSED_END = "95"
_WRAPS = frozenset({Kind.THINKING, Kind.CALL, Kind.ANSWER})
_Facts = tuple[Kind, str, bool, bool, str]


def _tag(slash: str, name: str, rest: str) -> _Facts | None:
    name, rest = normal(name), rest.strip()
    empty = rest.endswith("/")
    rest = rest.rstrip("/ ")
    if name == "details" and not slash and not _HIDING_DETAILS.search(rest):
        return None
    # Words behind the name, but no attributes: somebody's placeholder.
    if (rest and "=" not in rest) or (name == "function" and not slash and rest[:1] != "="):
        return None
    return KINDS[name], name, bool(slash), empty, ""


def _bar(slash: str, body: str, shut: str) -> _Facts | None:
    name = normal(body.removeprefix("/"))
    ascii_only = (shut or "|") == "|"
    if not shut:  # <|name>, as Gemma 4 writes it
        return _named(name, closes=False) if body.isidentifier() and not slash else None
    # Some languages have operators like these: between them stand blanks or signs.
    if ascii_only and name not in KINDS and not re.fullmatch(r"[\w./:+\u2581-]+", body):
        return None
    return _named(name, closes=bool(slash) or body.startswith("/"))


def _named(name: str, *, closes: bool) -> _Facts:
    kind, subject, is_end = _subject(name)
    closes = closes or is_end
    if kind is Kind.START and closes:
        kind = Kind.END
    return kind, subject, closes, False, ""


def _subject(name: str) -> tuple[Kind, str, bool]:
    """What a name between bars is about, and whether it ends it: ``begin_of_x``, ``x_end``."""
    kind = KINDS.get(name)
    subject, closes = name, False
    if kind is None:
        subject = _OPENING.sub("", name)
        if subject == name:
            subject = _CLOSING.sub("", name)
            closes = subject != name
        kind = KINDS.get(subject)
        kind = kind if kind in _WRAPS else Kind.SIGN
    if kind in {Kind.ANSWER, Kind.STRIKE, None} or name == "function":
        kind = Kind.SIGN
    return kind, subject, closes
