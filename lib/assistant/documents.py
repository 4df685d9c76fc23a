"""JSON of assistants, in a size that is read at once without keeping others waiting."""

import json
from typing import Any

from lib.errors import AssistantOversizeError

MOST_PARTS = 30_000
"""Lists and objects in one document; those of a megabyte take a tenth of a second to read."""

_DECODER = json.JSONDecoder()


def parse(text: str) -> Any:
    """Return the document that a text is.

    Raises:
        ValueError: it is none, or nested deeper than anybody could read.
        AssistantOversizeError: it has more parts than any reply.
    """
    _check(text, 0)
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def parse_from(text: str, start: int) -> tuple[Any, int]:
    """Return the document that begins there, and where it ends; see ``parse``."""
    _check(text, start)
    try:
        return _DECODER.raw_decode(text, start)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _check(text: str, start: int) -> None:
    if text.count("[", start) + text.count("{", start) > MOST_PARTS:
        raise AssistantOversizeError("the reply has too many parts")
