"""Forms filled in on a phone: Twilio's ``InteractiveData`` as names and values.

It is JSON, either of the answers themselves or as WhatsApp wraps them: an object ``nfm_reply``
whose ``response_json`` is the answers as JSON text (Meta, "Receiving Flow Response"). What is
in it is a person's and a form designer's: any depth, any size, any type.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from lib.twilio.request import readable

MOST_ANSWERS = 50
LONGEST_NAME = 100
LONGEST_ANSWER = 4096
"""Characters: as many as a message of WhatsApp has."""

_LONGEST_ALL = 20_000
_DEEPEST = 8
_ANSWERS = "response_json"
_WRAPPINGS = ("interactive", "nfm_reply", _ANSWERS)
_NO_LETTERS = re.compile(r"[^a-z]+")
# What Meta puts beside the answers, to tell forms apart (Meta, "Receiving Flow Response").
_NO_ANSWERS = frozenset({"flowtoken", "waflowresponseparams"})
# A tapped button or list row, which has parameters of its own.
_CHOICES = frozenset({"button_reply", "list_reply"})

Answers = tuple[tuple[str, str], ...]


def form_answers(raw: str) -> Answers:
    """Return the names and values of a form that was filled in; nothing if there is none.

    A value within an object has the names of both, with a dot between them.
    """
    found = _unwrapped(_parsed(raw))
    if not isinstance(found, dict | list) or (isinstance(found, dict) and _CHOICES & found.keys()):
        return ()
    answers, left = [], _LONGEST_ALL
    for name, value in islice(_flat(found, "", _DEEPEST), MOST_ANSWERS):
        answers.append((name[:LONGEST_NAME], value[: min(left, LONGEST_ANSWER)]))
        left -= len(name) + len(value)
        if left <= 0:
            break
    return tuple(answers)


def _parsed(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _unwrapped(found: Any) -> Any:
    found = _object(found)
    for name in _WRAPPINGS:
        if isinstance(found, dict) and name in found:
            inner = _object(found[name])
            # A form may have a field of the name; but what the answers should be is nothing else.
            found = inner if isinstance(inner, dict) or name == _ANSWERS else found
    return found


def _object(value: Any) -> Any:
    return _parsed(value) if isinstance(value, str) else value


def _flat(value: Any, name: str, deepest: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items() if deepest else ():
            if _NO_LETTERS.sub("", key.casefold()) not in _NO_ANSWERS:
                yield from _flat(inner, _joined(name, key), deepest - 1)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, inner in enumerate(value if deepest else (), 1):
            yield from _flat(inner, _joined(name, str(number)), deepest - 1)
    elif said := _said(value):
        yield name, said


def _joined(name: str, key: str) -> str:
    inner = " ".join(readable(key[:LONGEST_NAME]).split()) or "?"
    return f"{name}.{inner}" if name else inner


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value[:LONGEST_ANSWER])))
    if isinstance(value, str):
        return readable(value).strip()
    return "" if value is None else json.dumps(value)
