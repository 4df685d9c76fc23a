"""The end of a permission as it is written."""

from datetime import UTC, datetime, timedelta

_LAST_DAY = datetime(9999, 12, 31)  # noqa: DTZ001 - a day of any zone


def until_of(written: str) -> datetime | None:
    """Return a time in ISO form, UTC where it names no zone; of a day, its end.

    None if it is no time.
    """
    told = written.strip()
    try:
        moment = datetime.fromisoformat(told)
        if len(told) <= len("2026-12-31") and moment < _LAST_DAY:
            moment += timedelta(days=1)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
