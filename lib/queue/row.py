"""A queued message, read from the local queue's table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_LONGEST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A queued message about to be delivered for the ``attempt``-th time.

    ``refusals`` counts the attempts that were answered; the others ended with the process.
    """

    number: int
    key: str
    data: bytes
    attributes: Mapping[str, str]
    published_at: datetime
    attempt: int
    refusals: int = 0


def read_row(
    number: int,
    key: Any,
    data: Any,
    attributes: Any,
    published_at: Any,
    attempts: Any,
    refusals: Any,
) -> Row:
    """Return a row of the table, whatever stands in it: a damaged one must not stop the others.

    What it carries is judged by who it is pushed to, as with any other push.
    """
    return Row(
        number,
        _text(key),
        data if isinstance(data, bytes) else _text(data).encode(errors="replace"),
        _attributes(attributes),
        _time(published_at),
        max(_count(attempts), 1),
        _count(refusals),
    )


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _attributes(encoded: Any) -> Mapping[str, str]:
    try:
        found = json.loads(encoded)
    except (TypeError, ValueError, RecursionError):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if type(found) is dict else {}


def _time(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _count(value: Any) -> int:
    # Beyond its largest number SQLite counts in floating point.
    return int(min(max(value, 0), _LONGEST_COUNT)) if isinstance(value, int | float) else 0
