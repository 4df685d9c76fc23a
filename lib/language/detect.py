"""Detecting the language that a person writes in, offline.

Letters tell Arabic, Hindi, Chinese and Japanese. Of the others a model of fastText tells how likely
each is; in short lines it is sure of much that is wrong, hence these rules: what is no words is
left out, a few letters are no sign, what people speak where a number comes from counts three
times, and a line in a language that is not spoken here is a sign for none that is.

The model is fastText's ``lid.176.ftz``; see ``NOTICE.md`` beside it for its source and licence.
"""

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from lib.model.language import CODES

_log = logging.getLogger(__name__)

LEAST_LETTERS = 6
"""Of the Latin alphabet; fewer are no sign. A word in other letters is one."""

_LONGEST = 300
"""Characters read of one text: so all of several count."""

_AT_HOME = 3.0
_LEAST_SHARE = 0.5
"""Of what the model believes, how much the languages spoken here must have between them."""

# What is no word of a language: addresses, commands, ids and names of files, and framed notes.
_NO_WORDS = re.compile(
    r"""(?x) (?:https?://|www\.)\S+ | \S+@\S+ | (?<!\S)[/／]\s*\w+ | (?m:^\[.*$)
    | \S*[\w)][_./\\#=:][\w(]\S* | \S*\d\S* | `[^`]*` | [@#]\w+"""
)
# As a whole message: an id or a name.
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
_FENCE = re.compile(r"(?ms)^(?:```|~~~).*")
_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "kana": re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"),
    "ar": re.compile(r"[\u0620-\u064a\u066e-\u06d3]"),
    "hi": re.compile(r"[\u0904-\u0939\u0958-\u0961]"),
}
# Letters that Persian and Urdu have and Arabic has not.
_NOT_ARABIC = re.compile(
    r"[\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06cc\u06d2]"
)
_LETTERS_OF_A_SYLLABLE = 3
"""A sign of Chinese or Japanese is as much as so many letters."""

_LEAST_IN_SCRIPT = 2
_LABEL = "__label__"
_MOST_LABELS = 40
"""Of 176; the others have nothing that counts."""
_SAME = {"nn": "no"}
_lock = threading.Lock()


def detected(texts: Iterable[str], at_home: Sequence[str], least: float) -> str:
    """Return the language of some texts of a person; empty where nothing tells it.

    It is one of ours, and at least so likely. ``at_home`` are the languages spoken where the
    person's number comes from.
    """
    words = " ".join(filter(None, map(_words, texts)))
    found, signs = _by_letters(words, at_home)
    if signs:
        return found
    if len(_LETTER.findall(words)) < LEAST_LETTERS:
        return ""
    likely = _likely(words, at_home)
    best = max(likely, key=lambda code: likely[code], default="")
    return best if best and likely[best] >= least else ""


def _words(text: str) -> str:
    """The words of a text's beginning, on one line."""
    said = _FENCE.sub("", text[:_LONGEST])
    sound = _NO_WORDS.sub(" ", said).encode(errors="ignore").decode()
    words = " ".join(sound.split())
    return "" if _HYPHENATED.fullmatch(words) else words


def _by_letters(words: str, at_home: Sequence[str]) -> tuple[str, bool]:
    """What letters tell, and whether they tell anything: a script of one of ours."""
    count = {name: len(script.findall(words)) for name, script in _SCRIPTS.items()}
    others = len(_LETTER.findall(words)) - sum(count.values())
    cjk = count["kana"] + count["zh"]
    script = max(("ar", "hi"), key=lambda name: count[name])
    if cjk * _LETTERS_OF_A_SYLLABLE >= max(others, count[script], 1):
        if cjk < _LEAST_IN_SCRIPT:
            return "", True
        is_japanese = count["kana"] or ("ja" in at_home and "zh" not in at_home)
        return "ja" if is_japanese else "zh", True
    if count[script] >= max(others, 1):
        is_ours = count[script] >= _LEAST_IN_SCRIPT
        is_ours = is_ours and not (script == "ar" and _NOT_ARABIC.search(words))
        return script if is_ours else "", True
    return "", False


def _likely(words: str, at_home: Sequence[str]) -> dict[str, float]:
    """How likely each of our languages is, if it is one of them at all."""
    believed: dict[str, float] = defaultdict(float)
    for label, chance in _predicted(words.lower()):
        code = _SAME.get(label, label)
        if code in CODES:
            believed[code] += chance
    if sum(believed.values()) < _LEAST_SHARE:
        return {}
    weighed = {
        code: chance * (_AT_HOME if code in at_home else 1.0) for code, chance in believed.items()
    }
    whole = sum(weighed.values())
    return {code: chance / whole for code, chance in weighed.items()}


def _predicted(words: str) -> list[tuple[str, float]]:
    """What the model believes of a line; nothing where it cannot be loaded."""
    try:
        with _lock:
            labels, chances = _model().predict(words, k=_MOST_LABELS)
    except (ImportError, OSError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        _log.error("language not detected", extra={"reason": reason})
        return []
    found = zip(labels, chances, strict=True)
    return [(str(label).removeprefix(_LABEL), float(chance)) for label, chance in found]


@lru_cache(maxsize=1)
def _model() -> Any:
    import fasttext  # noqa: PLC0415 - a compiled library, for lines that letters tell nothing of

    return fasttext.load_model(str(Path(__file__).with_name("lid.176.ftz")))
