"""Tokens for Google's APIs and services: kept, shared by threads, renewed in time.

Source: Google Cloud, "Authenticate workloads using service accounts" (the metadata server).
"""

import json
import threading
import time
from collections.abc import Callable
from functools import partial

from lib.google.responses import MOST_BYTES, body_of
from lib.web.direct import DirectClient

Fetch = Callable[[float], tuple[str, float]]
"""Gets a new token within so many seconds; returns it and how long it lasts, in seconds."""

_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
# The metadata server gives the same token until four minutes before it expires, of either kind:
# whoever asks earlier than that asks every time. Google's own clients wait as long (google-auth,
# ``REFRESH_THRESHOLD``; google-cloud-go, pull request 9139).
_MARGIN = 225.0


class TokenError(Exception):
    """There is no token to be had: no identity, or an answer that is none."""


class Tokens:
    """One token for all threads, fetched by one of them shortly before it expires."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0

    def get(self, seconds: float) -> str:
        """Return a token that is good for some minutes.

        Raises:
            TimeoutError, ExchangeError: there was none in time.
            TokenError: there is none to be had.
            StatusError: the metadata server refused.
        """
        started = time.monotonic()
        if started < self._renew_at:
            return self._token
        if not self._lock.acquire(timeout=seconds):
            raise TimeoutError("no token in time")
        try:
            if started >= self._renew_at:
                self._renew(started + seconds)
            return self._token
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Drop a token that was refused, so that the next one is new."""
        # Without the lock: whoever holds it fetches a new one at this moment.
        self._renew_at = 0.0

    def _renew(self, deadline: float) -> None:
        asked_at = time.monotonic()
        if asked_at >= deadline:
            raise TimeoutError("no token in time")
        token, lifetime = self._fetch(deadline - asked_at)
        self._token, self._renew_at = token, asked_at + lifetime - _MARGIN


def of_metadata_server(host: str) -> Tokens:
    """The access tokens of the service account that this process runs as on Google Cloud."""
    return Tokens(partial(_from_metadata_server, DirectClient(), f"http://{host}{_PATH}"))


def _from_metadata_server(client: DirectClient, url: str, seconds: float) -> tuple[str, float]:
    # The next one is needed in an hour: nothing is kept open for it.
    headers = {"Metadata-Flavor": "Google", "Connection": "close"}
    answer = body_of(client.request("GET", url, headers, b"", seconds, MOST_BYTES))
    try:
        document = json.loads(answer)
        return str(document["access_token"]), float(document["expires_in"])
    except (LookupError, TypeError, ValueError):
        raise TokenError("the metadata server's answer is no token") from None
