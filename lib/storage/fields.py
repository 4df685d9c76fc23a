"""Fields of stored documents, read leniently: what is missing or odd gets a plain value."""

import math
from datetime import UTC, datetime

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of what has none."""


def text(value: object) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list; none if it is no list."""
    found = map(text, value) if isinstance(value, list | tuple) else ()
    return tuple(filter(None, found))


def number(value: object) -> float:
    """The value if it is a number, else nought."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def time(value: object, otherwise: datetime = LONG_AGO) -> datetime:
    """The value as a time in UTC; one without a zone is taken as UTC.

    Always a plain ``datetime``, also where a client reads a subclass of its own.
    """
    if not isinstance(value, datetime):
        return otherwise
    try:
        moment = value.astimezone(UTC) if value.tzinfo else value
    except OverflowError:  # the first or last hours that there are, in another zone
        return otherwise
    return datetime.combine(moment.date(), moment.time(), UTC)


def time_if_any(value: object) -> datetime | None:
    """The same; None where there is nothing."""
    return None if value is None else time(value)


def times(value: object) -> tuple[datetime, ...]:
    """The times in a list; none if it is no list."""
    return tuple(map(time, value)) if isinstance(value, list) else ()
