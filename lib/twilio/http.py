"""How requests to Twilio travel: pooled, never repeated, bounded in time and size.

The SDK's own client waits for ever by default, reads answers of any size, and logs phone
numbers; this one takes its place.
"""

import logging
import threading
from typing import Any
from urllib.parse import urlencode

from twilio.http import HttpClient
from twilio.http.response import Response

from lib.web.client import Client
from lib.web.proxy import basic
from lib.web.retry_after import retry_after

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class BoundedHttpClient(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends the requests of the SDK, from any thread."""

    def __init__(self, timeout: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=timeout)
        self._seconds = timeout
        self._client = Client()
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
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's own signature
    ) -> Response:
        """Send one request once.

        Raises:
            ExchangeError: there is no complete answer within the limits.
        """
        self._said.retry_after = 0.0
        login = {"Authorization": basic(*auth)} if auth else {}
        form = _FORM if data else {}
        answer = self._client.request(
            method,
            f"{url}?{urlencode(params, doseq=True)}" if params else url,
            {**(headers or {}), **form, **login},
            urlencode(data, doseq=True).encode() if data else b"",
            timeout or self._seconds,
        )
        self._said.retry_after = retry_after(answer.headers.get("retry-after", ""))
        return Response(answer.status, answer.body.decode("utf-8", "replace"), answer.headers)
