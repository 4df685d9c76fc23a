"""Twilio fetching the media that the business names. Only loopback is asked: nothing leaves."""

from urllib.parse import urlsplit

import requests

from simulator.twilio.media import MOST_BYTES, Medium

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SECONDS = 5.0


def fetched(url: str) -> Medium | None:
    """Return the medium behind a URL; None if it cannot be had."""
    if urlsplit(url).hostname not in _LOOPBACK:
        return None
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(url, timeout=_SECONDS, stream=True, allow_redirects=False)
            data = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError):
            return None
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if answer.status_code != requests.codes.ok or not kind or len(data) > MOST_BYTES:
        return None
    return Medium(kind, data, urlsplit(url).path.rpartition("/")[2])
