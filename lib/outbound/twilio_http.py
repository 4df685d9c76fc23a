"""How requests to Twilio travel: pooled, never repeated, bounded in time and size.

The SDK's own client waits for ever by default, reads answers of any size, and logs phone
numbers; this one takes its place.
"""

import logging
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

_CONNECT_SECONDS = 5.0
_DAY = 86_400.0
_BLOCK_BYTES = 1 << 16
_MOST_BYTES = 4 << 20  # far above a page of 50 messages of 1600 characters


class BoundedHttpClient(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends the requests of the SDK, from any thread."""

    def __init__(self, timeout: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=timeout)
        self._seconds = timeout
        self._session = requests.Session()
        self._said = threading.local()

    @property
    def retry_after(self) -> float:
        """What the last answer to this thread said about trying again, in seconds; else 0."""
        return getattr(self._said, "retry_after", 0.0)

    def request(  # noqa: PLR0913, PLR0917 - the SDK's own signature
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the SDK's own signature
    ) -> Response:
        """Send one request once.

        Raises:
            requests.RequestException: there is no complete answer within the limits.
        """
        self._said.retry_after = 0.0
        seconds = timeout or self._seconds
        deadline = time.monotonic() + seconds
        with self._session.request(
            method,
            url,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=(min(seconds, _CONNECT_SECONDS), seconds),
            allow_redirects=allow_redirects,
            stream=True,
        ) as answer:
            self._said.retry_after = _seconds(answer.headers.get("Retry-After", ""))
            text = _read(answer, deadline).decode("utf-8", "replace")
            return Response(answer.status_code, text, answer.headers)


def _seconds(header: str) -> float:
    """The header as seconds from now (RFC 9110, 10.2.3: a number or a date), at most a day."""
    try:
        seconds = float(header) if header.isdecimal() else _until(header)
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), _DAY)


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()


def _read(answer: requests.Response, deadline: float) -> bytes:
    # One read of the socket at a time, or a server that drips would never be timed out.
    body = bytearray()
    try:
        while block := answer.raw.read1(_BLOCK_BYTES, decode_content=True):
            body += block
            if len(body) > _MOST_BYTES:
                raise requests.RequestException("the answer is too large")
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer takes too long")
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from None
    return bytes(body)
