"""The list of messages as Twilio serves it: filtered, newest first, page by page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from simulator.twilio.messages import Message
from simulator.twilio.refusals import RefusedError

_DEFAULT_SIZE = 50
_MOST = 1000
_FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")
_PARAMETERS = frozenset((*_FILTERS, "PageSize", "Page", "PageToken"))


def page(messages: Sequence[Message], query: Mapping[str, str], path: str) -> dict[str, Any]:
    """Return the page that ``query`` asks for; ``messages`` come oldest first.

    Raises:
        RefusedError: the query is not one that Twilio understands.
    """
    unknown = sorted(set(query) - _PARAMETERS)
    if unknown:
        raise RefusedError(20001, f"Unknown parameter {unknown[0]}")
    limits = {name: _limit(query[name]) for name in _FILTERS[2:] if name in query}
    found = [one.resource() for one in reversed(messages) if _matches(one, query, limits)]
    return page_of(found, "messages", query, path)


def page_of(
    found: Sequence[dict[str, Any]], key: str, query: Mapping[str, str], path: str
) -> dict[str, Any]:
    """Return the page of resources that ``query`` asks for.

    The token names the last resource of the page before, so that new ones move nothing.

    Raises:
        RefusedError: size, number or token of the page is not one that Twilio understands.
    """
    size, number = _page_size(query), _natural(query, "Page", 0)
    start = _start(found, query.get("PageToken", ""))
    end = min(start + size, len(found))

    def uri(page_number: int, index: int) -> str:
        fields = {name: query[name] for name in _FILTERS if name in query}
        fields |= {"PageSize": str(size), "Page": str(page_number)}
        fields |= {"PageToken": f"PA{found[index - 1]['sid']}"} if index > 0 else {}
        return f"{path}?{urlencode(fields)}"

    return {
        "end": max(end - 1, 0),
        "first_page_uri": uri(0, 0),
        key: list(found[start:end]),
        "next_page_uri": uri(number + 1, end) if end < len(found) else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": uri(number - 1, start - size) if start else None,
        "start": start,
        "uri": uri(number, start),
    }


def _start(found: Sequence[dict[str, Any]], token: str) -> int:
    if not token:
        return 0
    for index, resource in enumerate(found):
        if token == f"PA{resource['sid']}":
            return index + 1
    raise RefusedError(20001, "Unknown PageToken")


def _page_size(query: Mapping[str, str]) -> int:
    size = _natural(query, "PageSize", _DEFAULT_SIZE)
    if not 1 <= size <= _MOST:
        raise RefusedError(20007, f"Page size must be between 1 and {_MOST}")
    return size


def _natural(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal():
        raise RefusedError(20001, f"{name} must be a number")
    return int(text)


def _matches(message: Message, query: Mapping[str, str], limits: Mapping[str, date]) -> bool:
    return (
        query.get("To", message.to) == message.to
        and query.get("From", message.sender) == message.sender
        and all(_in_time(message.sent_at, name, limit) for name, limit in limits.items())
    )


def _in_time(sent_at: datetime | None, name: str, limit: date) -> bool:
    """Compare days with a day, moments with a moment."""
    if sent_at is None:
        return False
    sent = sent_at.replace(microsecond=0) if isinstance(limit, datetime) else sent_at.date()
    return {"DateSent": sent == limit, "DateSent<": sent <= limit, "DateSent>": sent >= limit}[name]


def _limit(text: str) -> date:
    """Read a day, or a moment in UTC."""
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise RefusedError(20001, "DateSent is neither a date nor a time") from None
