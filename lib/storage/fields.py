"""Fields of stored documents, read leniently: what is missing or odd gets a plain value."""

from datetime import UTC, datetime

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of what has none."""


def text(value: object) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


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
