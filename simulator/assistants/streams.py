"""Assistants that write at a pace, well or badly: ``stream-<kind>[-<length>[-<pace>]]``.

``stream-slow-8000-50`` writes 8,000 characters at 50 tokens a second, a token being four
characters; at pace 0 it is as fast as it can be. A question such as ``2000``, or ``2000 at 100``,
decides otherwise. The assistant ``stream`` is told the kind in the question, too: ``cut``, or
``broken 5000 at 200``. The kinds:

- ``slow`` writes it all, ``differs`` something else at each attempt, which every sentence names.
- ``cut`` loses the connection after the length, ``unfinished`` ends as if that were all.
- ``broken`` fails after the length, with its protocol's error.
- ``endless`` never ends; ``drip`` sends a byte at a time, the pace being bytes a second.
- ``repeats`` sends each piece twice, ``twice`` the whole text again as its last piece.
- ``contradicts`` has another answer in the end than its pieces, ``message`` the same once more.
- ``usage`` tells what it cost, and not a word.
- ``thinks-late`` begins to think where the third part of a message would be.
- ``blocks`` has a table, a list and code where a message is cut; ``references`` defines its
  links at its end.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from simulator.assistants.documents import blocks, numbered, references, thinking_late
from simulator.assistants.performing import Ending, Script, at_once

TOKENS_PER_SECOND = 50
"""How fast tokens come where nobody says otherwise: about as from a hosted model."""

_NAME = re.compile(r"stream-([a-z]+(?:-[a-z]+)*)(?:-(\d{1,6}))?(?:-(\d{1,6}))?")
_WISH = re.compile(r"\s*([a-z-]+(?=\s|$))?\s*(\d{1,6})?(?:\s*\bat\s+(\d{1,6}))?\s*")
_ANY = "stream"
_TOKEN = re.compile(r".{1,4}", re.DOTALL)
_OTHER = "This is another answer than the one that was heard."


@dataclass(frozen=True, slots=True)
class _Kind:
    """``write`` gets the length in characters and the number of the attempt."""

    write: Callable[[int, int], Script]
    length: int = 2000
    pace: int = TOKENS_PER_SECOND


def script(name: str, question: str, attempt: int) -> Script | None:
    """Return what an assistant of that name does with a question; None if it is none of these."""
    wish = _parts(_WISH.fullmatch(question.casefold()))
    if name == _ANY:
        return _written(*wish, attempt) or at_once(_help())
    kind, length, pace = _parts(_NAME.fullmatch(name))
    if not wish[0]:
        length, pace = wish[1] or length, wish[2] or pace
    return _written(kind, length, pace, attempt)


def _parts(match: re.Match[str] | None) -> tuple[str, str, str]:
    kind, length, pace = match.groups(default="") if match else ("", "", "")
    return kind, length, pace


def _written(name: str, length: str, pace: str, attempt: int) -> Script | None:
    """Return the script of a kind, with its own length and pace where there are none."""
    kind = _KINDS.get(name)
    if kind is None:
        return None
    tokens_per_second = int(pace or kind.pace)
    pause = 1 / tokens_per_second if tokens_per_second else 0.0
    return replace(kind.write(int(length or kind.length), attempt), pause=pause)


def tokens(text: str) -> list[str]:
    """Cut a text into what a model writes at a time."""
    return _TOKEN.findall(text)


def _slow(length: int, _attempt: int) -> Script:
    return Script(tokens(numbered(length)))


def _differs(length: int, attempt: int) -> Script:
    sentence = f"This is sentence {{number}} of attempt {attempt}, which no other may follow."
    return Script(tokens(numbered(length, sentence)))


def _ending(ending: Ending) -> Callable[[int, int], Script]:
    # What would have followed is never written.
    return lambda length, _: Script(tokens(numbered(length + 1000)[:length]), ending=ending)


def _endless(_length: int, _attempt: int) -> Script:
    words = (f"Sentence {number} of no end. " for number in itertools.count(1))
    return Script(token for sentence in words for token in tokens(sentence))


def _drip(length: int, _attempt: int) -> Script:
    return Script(tokens(numbered(length)), in_bytes=True)


def _repeats(length: int, _attempt: int) -> Script:
    text = numbered(length)
    return Script([token for token in tokens(text) for _ in range(2)], answer=text)


def _twice(length: int, _attempt: int) -> Script:
    text = numbered(length)
    return Script([*tokens(text), text], answer=text)


def _contradicts(length: int, _attempt: int) -> Script:
    return Script(tokens(numbered(length)), answer=_OTHER, again=True)


def _message(length: int, _attempt: int) -> Script:
    text = numbered(length)
    return Script(tokens(text), answer=text, again=True)


def _document(text: str) -> Script:
    return Script(tokens(text))


_KINDS: Mapping[str, _Kind] = {
    "slow": _Kind(_slow),
    "differs": _Kind(_differs, length=6000),
    "cut": _Kind(_ending(Ending.CUT), length=3000),
    "unfinished": _Kind(_ending(Ending.UNFINISHED), length=3000),
    "broken": _Kind(_ending(Ending.FAILED), length=5000),
    "endless": _Kind(_endless),
    "drip": _Kind(_drip, length=200, pace=1),
    "repeats": _Kind(_repeats),
    "twice": _Kind(_twice),
    "contradicts": _Kind(_contradicts),
    "message": _Kind(_message),
    "usage": _Kind(lambda *_: Script(())),
    "thinks-late": _Kind(lambda length, _: _document(thinking_late(length)), length=6000),
    "blocks": _Kind(lambda *_: _document(blocks())),
    "references": _Kind(lambda length, _: _document(references(length)), length=5000),
}


def _help() -> str:
    kinds = ", ".join(f"`{name}`" for name in _KINDS)
    return (
        "I write at a pace, well or badly; no model is behind me. Say how: such as `slow`, "
        "`broken at 200` (tokens a second) or `differs 6000 at 200` (characters before it). "
        f"I know {kinds}."
    )
