"""When a server wants to be asked again."""

import time
from email.utils import parsedate_to_datetime

_DAY = 86_400.0


def retry_after(header: str) -> float:
    """The header as seconds from now (RFC 9110, 10.2.3: a number or a date), at most a day.

    0 where it says neither.
    """
    try:
        seconds = float(header) if header.isdecimal() else _until(header)
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), _DAY)


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()
