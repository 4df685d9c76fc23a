"""An assistant that writes as many characters as it is asked for, at a pace to watch."""

import re

from simulator.assistants.documents import numbered
from simulator.assistants.performing import Script, at_once
from simulator.assistants.streams import tokens

MOST = 20_000
TOKENS_PER_SECOND = 60
"""Its pace unless another is asked for: about forty words a second, so that one can follow."""

LONGEST_SECONDS = 15.0
"""A longer answer is written faster, to be there before the gateway's patience ends."""

_DEFAULT = 5_000
_LEAST = 120


def answer(asked: str) -> str:
    """Return a text of exactly the length in ``asked``, in sentences that are numbered."""
    number = re.search(r"\d{1,6}", asked.replace(",", "").replace(".", ""))
    length = min(max(int(number[0]) if number else _DEFAULT, _LEAST), MOST)
    return numbered(
        length, opening=f"I write filler on demand; here are **{length} characters**.\n\n"
    )


def script(asked: str, *, streams: bool) -> Script:
    """Return how it is written: in a stream slowly, at the tokens a second in ``5000 at 200``."""
    text = answer(asked)
    if not streams:
        return at_once(text)
    pace = re.search(r"\bat (\d{1,6})\b", asked)
    pieces = tokens(text)
    pause = 1 / max(1, int(pace[1]) if pace else TOKENS_PER_SECOND)
    return Script(pieces, min(pause, LONGEST_SECONDS / len(pieces)))
